import { Prisma } from '../../../platform/db/database';
import type { BuyerTaxData } from '../../customers/buyer-tax-data';
import type { Settings } from '../../companies/setting-catalogue';
import { type Numbering, numberingOf } from './invoice-numbering-rules';
import { localDateAt } from '../../calendar/zoned-calendar';
import type { InvoiceDraft } from './invoice-types';

export interface InvoiceBuyer {
  id: number;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
  tax: BuyerTaxData;
}

/** What a final invoice says for ever, whatever changes later (D8). */
export function invoiceSnapshot(settings: Settings, buyer: InvoiceBuyer): Record<string, unknown> {
  return {
    seller: { name: settings.sellerName, address: settings.sellerAddress, taxCode: settings.sellerTaxCode },
    buyer: { customerId: buyer.id, name: buyer.name, email: buyer.email, ...buyer.tax },
    tax: { ratePpm: settings.taxRatePpm, discountTiming: settings.discountTiming },
    locale: buyer.locale,
    timeZone: buyer.timeZone,
    templateVersion: 1,
  };
}

/** What a draft holds of it already, as JSON: what its amounts were reckoned by. Null: nothing. */
export function draftSnapshot({ taxedAs }: InvoiceDraft): string | null {
  if (taxedAs === undefined) {
    return null;
  }
  const { taxStatus, taxExemptReason, billingAddress } = taxedAs;

  return JSON.stringify({ buyer: { taxStatus, taxExemptReason, billingAddress } });
}

/** SQL for the snapshot of an invoice `i` that becomes final: what its draft holds stands. */
export function finalSnapshot(snapshot: Record<string, unknown>): Prisma.Sql {
  const taken = JSON.stringify(snapshot);

  return Prisma.sql`${taken}::jsonb || jsonb_build_object('buyer', (${taken}::jsonb -> 'buyer') || coalesce(i.snapshot -> 'buyer', '{}'))`;
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
