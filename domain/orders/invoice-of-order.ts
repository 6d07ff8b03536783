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

/** Series and prefix of the next number: one row of counters for the company, or one for each customer (D8). */
export function invoiceNumbering(settings: Settings, customerId: number): { series: string; prefix: string } {
  return settings.invoiceNumbering === 'customer'
    ? { series: `customer/${customerId}`, prefix: `${settings.invoiceNumberPrefix}${customerId}-` }
    : { series: 'company', prefix: settings.invoiceNumberPrefix };
}
