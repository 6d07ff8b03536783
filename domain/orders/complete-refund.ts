import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import { orderSubject } from './order-number-rules';

export interface CompleteRefund {
  refundId: number;
  outcome: { kind: 'succeeded'; transactionId: string | null } | { kind: 'failed'; reason: string };
  now: Date;
}

/**
 * Enters what became of a refund, in one transaction over payment and order: refunded amounts, states and
 * `payment.refunded` (S364). A failed one leaves the payment as it was, `refund_due` where money still has to go back.
 * A repeat changes nothing.
 */
export async function completeRefund(tx: TenantSql, input: CompleteRefund): Promise<void> {
  const isSuccess = input.outcome.kind === 'succeeded';
  const transactionId = input.outcome.kind === 'succeeded' ? input.outcome.transactionId : null;
  const failureReason = input.outcome.kind === 'failed' ? input.outcome.reason : null;
  const [row] = await tx.query(
    z.object({
      payment_id: dbInteger,
      order_id: dbInteger.nullable(),
      amount: dbInteger,
      currency: z.string(),
      payment_status: z.string(),
    }),
    Prisma.sql`
      WITH done AS (
        UPDATE finance.refunds SET status = ${isSuccess ? 'succeeded' : 'failed'}, transaction_id = ${transactionId}, failure_reason = ${failureReason},
               completed_at = ${input.now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${input.refundId}::bigint AND status = 'pending'
        RETURNING payment_id, amount, currency
      ),
      payment AS (
        UPDATE finance.payments p
           SET refunded_amount = p.refunded_amount + CASE WHEN ${isSuccess} THEN done.amount ELSE 0 END,
               status = CASE WHEN NOT ${isSuccess} THEN p.status
                             WHEN p.refunded_amount + done.amount >= p.paid_amount THEN 'refunded'
                             WHEN p.status = 'refund_due' THEN 'refund_due' ELSE 'partially_refunded' END,
               updated_at = ${input.now}::timestamptz
          FROM done WHERE p.company_id = ${tx.companyId}::bigint AND p.id = done.payment_id
        RETURNING p.id, p.order_id, p.status
      ),
      order_row AS (
        UPDATE ordering.orders o SET payment_status = payment.status, updated_at = ${input.now}::timestamptz FROM payment
         WHERE o.company_id = ${tx.companyId}::bigint AND o.id = payment.order_id AND ${isSuccess}
           AND payment.status IN ('refunded', 'partially_refunded')
           AND (o.payment_status IN ('paid', 'refund_due', 'partially_refunded')
                AND NOT EXISTS (SELECT FROM finance.payments other WHERE other.company_id = o.company_id AND other.order_id = o.id
                                   AND other.id <> payment.id AND other.status IN ('success', 'refund_due')))
        RETURNING o.id
      )
      SELECT payment.id AS payment_id, payment.order_id, done.amount, done.currency, payment.status AS payment_status FROM done, payment`,
  );

  if (row === undefined || !isSuccess || row.order_id === null) {
    return;
  }

  const payload = {
    paymentId: row.payment_id,
    orderId: row.order_id,
    refundId: input.refundId,
    amount: row.amount,
    currency: row.currency,
    status: row.payment_status,
  };
  await appendEvents(tx, {
    subject: orderSubject(row.order_id),
    events: [{ type: 'payment.refunded', payload }],
    now: input.now,
  });
}
