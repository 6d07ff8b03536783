import { z } from 'zod';

import { formatInstant } from '../../platform/instant';

const id = z.number().int();
const amount = z.number().int();
const time = z.string().nullable();

const RefundRow = z.object({
  id,
  amount,
  status: z.string(),
  reason: z.string().nullable(),
  transactionId: z.string().nullable(),
  failureReason: z.string().nullable(),
  createdAt: z.string(),
  completedAt: time,
});

/** A payment with its refunds, as list-payments.ts reads it: JSON made by PostgreSQL in one statement (D9). */
export const PaymentRow = z.object({
  id,
  invoiceId: id,
  orderId: id.nullable(),
  subscriptionId: id.nullable(),
  customerId: id,
  method: z.string(),
  status: z.string(),
  attempt: z.number().int(),
  amount,
  currency: z.string(),
  reference: z.string(),
  paymentUrl: z.string().nullable(),
  expiresAt: time,
  transactionId: z.string().nullable(),
  paidAmount: amount,
  refundedAmount: amount,
  paidAt: time,
  failureReason: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  timeZone: z.string(),
  refunds: z.array(RefundRow).nullable(),
});

export type PaymentRow = z.output<typeof PaymentRow>;

/** A payment as the API shows it: amounts in minor units, times in the zone of the billing account. */
export function viewPayment({ timeZone, ...row }: PaymentRow) {
  const at = (text: string) => formatInstant(new Date(text), timeZone);
  const maybe = (text: string | null) => (text === null ? null : at(text));

  return {
    ...row,
    paymentUrl: row.status === 'initiated' ? row.paymentUrl : null,
    expiresAt: maybe(row.expiresAt),
    paidAt: maybe(row.paidAt),
    refunds: (row.refunds ?? []).map((refund) => ({
      ...refund,
      createdAt: at(refund.createdAt),
      completedAt: maybe(refund.completedAt),
    })),
    createdAt: at(row.createdAt),
    updatedAt: at(row.updatedAt),
  };
}
