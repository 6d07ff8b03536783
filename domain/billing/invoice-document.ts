import type { Settings } from '../companies/setting-catalogue';

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

export interface Numbering {
  series: string;
  prefix: string;
}

/**
 * Series and prefix of the next number: one row of counters for the company, or one for each customer (D8). Documents of
 * customers on a test clock have a series of their own (D26).
 */
export function invoiceNumbering(settings: Settings, customerId: number, isTest = false): Numbering {
  const test = isTest ? 'TEST-' : '';
  const ofCustomer = settings.invoiceNumbering === 'customer';

  return {
    series: `${isTest ? 'test/' : ''}${ofCustomer ? `customer/${customerId}` : 'company'}`,
    prefix: `${test}${settings.invoiceNumberPrefix}${ofCustomer ? `${customerId}-` : ''}`,
  };
}

/** The same for credit notes, which have a series of the company. */
export function creditNoteNumbering(settings: Settings, isTest: boolean): Numbering {
  return {
    series: `${isTest ? 'test/' : ''}credit-notes`,
    prefix: `${isTest ? 'TEST-' : ''}${settings.creditNoteNumberPrefix}`,
  };
}
