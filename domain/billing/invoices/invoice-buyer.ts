import { z } from 'zod';

import { BuyerTaxData } from '../../customers/buyer-tax-data';

/** Invoices that were issued before customers had tax data say nothing of it. */
const noTaxData = {
  taxStatus: 'taxable',
  taxExemptReason: null,
  taxCode: null,
  legalName: null,
  billingAddress: null,
  country: null,
} satisfies BuyerTaxData;

const Snapshot = z.object({
  buyer: z
    .object({ customerId: z.number(), name: z.string(), email: z.string(), ...BuyerTaxData.partial().shape })
    .transform((buyer) => ({ ...noTaxData, ...buyer })),
});

/** Whom an issued invoice says that it is for, whatever became of the customer since. */
export function buyerOf(snapshot: unknown) {
  return Snapshot.parse(snapshot).buyer;
}
