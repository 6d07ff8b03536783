import { z } from 'zod';

import { Prisma } from '../../platform/db/database';

/** `exempt` and `reverse_charge`: no tax is charged; under the latter the buyer accounts for it. */
export const taxStatuses = ['taxable', 'exempt', 'reverse_charge'] as const;
export type TaxStatus = (typeof taxStatuses)[number];

/** What documents say of a customer as a taxpayer. */
export const BuyerTaxData = z.object({
  taxStatus: z.enum(taxStatuses),
  taxExemptReason: z.string().nullable(),
  taxCode: z.string().nullable(),
  legalName: z.string().nullable(),
  billingAddress: z.string().nullable(),
  country: z.string().nullable(),
});
export type BuyerTaxData = z.output<typeof BuyerTaxData>;

/** SQL for it, as a part of a larger statement (D9). @param alias of customer.customers there; the code's own */
export function buyerTaxJson(alias: string): Prisma.Sql {
  const c = Prisma.raw(alias);

  return Prisma.sql`jsonb_build_object('taxStatus', ${c}.tax_status, 'taxExemptReason', ${c}.tax_exempt_reason, 'taxCode', ${c}.tax_code,
             'legalName', ${c}.legal_name, 'billingAddress', ${c}.billing_address, 'country', ${c}.country)`;
}
