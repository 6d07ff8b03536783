import type { Settings } from '../../companies/setting-catalogue';
import { type Numbering, numberingOf } from './invoice-numbering-rules';
import { localDateAt } from '../../calendar/zoned-calendar';

export interface InvoiceBuyer {
  id: number;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
}

/** What a final invoice says for ever, whatever changes later (D8). */
export function invoiceSnapshot(settings: Settings, buyer: InvoiceBuyer): Record<string, unknown> {
  return {
    seller: { name: settings.sellerName, address: settings.sellerAddress, taxCode: settings.sellerTaxCode },
    buyer: { customerId: buyer.id, name: buyer.name, email: buyer.email },
    tax: { ratePpm: settings.taxRatePpm, discountTiming: settings.discountTiming },
    locale: buyer.locale,
    timeZone: buyer.timeZone,
    templateVersion: 1,
  };
}

/** How the next invoice is numbered, as the company's settings say (D8, D26). */
export function invoiceNumbering(
  settings: Settings,
  { customerId, isTest = false, now }: { customerId: number; isTest?: boolean; now: Date },
): Numbering {
  return numberingOf({
    scheme: settings.invoiceNumbering,
    prefix: settings.invoiceNumberPrefix,
    customer: customerId,
    issuedOn: localDateAt(now.getTime(), settings.timeZone),
    isTest,
  });
}

/** The same for credit notes, which have a series of the company. */
export function creditNoteNumbering(settings: Settings, isTest: boolean): Numbering {
  const series = `${isTest ? 'test/' : ''}credit-notes`;

  return {
    series,
    counts: [series],
    prefix: `${isTest ? 'TEST-' : ''}${settings.creditNoteNumberPrefix}`,
    digits: 6,
  };
}
