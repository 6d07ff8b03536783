import { toNumber } from '../../platform/db/columns';
import type { Prisma } from '../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../platform/instant';

/** What a payment's row is read with. */
export const paymentParts = {
  refunds: { orderBy: { id: 'asc' } },
  invoice: { include: { billingAccount: true } },
} as const;

export type PaymentRow = Prisma.PaymentGetPayload<{ include: typeof paymentParts }>;

/** A payment as the API shows it: amounts in minor units, times in the zone of the billing account. */
export function viewPayment(row: PaymentRow) {
  const timeZone = row.invoice.billingAccount.timeZone;

  return {
    id: toNumber(row.id),
    invoiceId: toNumber(row.invoiceId),
    orderId: row.orderId === null ? null : toNumber(row.orderId),
    customerId: toNumber(row.customerId),
    method: row.method,
    status: row.status,
    attempt: row.attempt,
    amount: toNumber(row.amount),
    currency: row.currency,
    reference: row.reference,
    paymentUrl: row.status === 'initiated' ? row.paymentUrl : null,
    expiresAt: formatOptionalInstant(row.expiresAt, timeZone),
    transactionId: row.transactionId,
    paidAmount: toNumber(row.paidAmount),
    refundedAmount: toNumber(row.refundedAmount),
    paidAt: formatOptionalInstant(row.paidAt, timeZone),
    failureReason: row.failureReason,
    refunds: row.refunds.map((refund) => ({
      id: toNumber(refund.id),
      amount: toNumber(refund.amount),
      status: refund.status,
      reason: refund.reason,
      transactionId: refund.transactionId,
      failureReason: refund.failureReason,
      createdAt: formatInstant(refund.createdAt, timeZone),
      completedAt: formatOptionalInstant(refund.completedAt, timeZone),
    })),
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
