import { z } from 'zod';

import { dbInteger, dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import { takeFromTotals } from '../customers/customer-totals';
import { failRefund, finishRefundExpressions } from '../payments/finish-refund';
import { paymentOwner } from '../payments/payment-owner-rules';

export interface CompleteRefund {
  refundId: number;
  outcome: { kind: 'succeeded'; transactionId: string | null } | { kind: 'failed'; reason: string };
  now: Date;
}

const Completed = z.object({
  paymentId: dbInteger,
  orderId: dbInteger.nullable(),
  subscriptionId: dbInteger.nullable(),
  amount: dbInteger,
  currency: z.string(),
  paymentStatus: z.string(),
});

/**
 * Enters what became of a refund, in one transaction over payment, order and customer: refunded amounts, states, what the
 * customer has spent, and `payment.refunded` (S364). A failed one leaves the payment as it was, `refund_due` where money
 * still has to go back. A repeat changes nothing.
 */
export async function completeRefund(tx: TenantSql, input: CompleteRefund): Promise<void> {
  await lockOwnerOfRefund(tx, input.refundId);
  const completed =
    input.outcome.kind === 'succeeded'
      ? await enterSuccess(tx, { ...input, transactionId: input.outcome.transactionId })
      : await enterFailure(tx, { ...input, reason: input.outcome.reason });

  const subject = completed === undefined ? null : paymentOwner(completed);

  if (completed === undefined || subject === null) {
    return;
  }

  await appendEvents(tx, {
    subject,
    events: [
      {
        type: 'payment.refunded',
        payload: {
          paymentId: completed.paymentId,
          ...(completed.orderId === null
            ? { subscriptionId: completed.subscriptionId }
            : { orderId: completed.orderId }),
          refundId: input.refundId,
          amount: completed.amount,
          currency: completed.currency,
          status: completed.paymentStatus,
        },
      },
    ],
    now: input.now,
  });
}

/** The subject comes first in the lock order (D8), so that a refund and a cancel of one order queue instead of clashing. */
async function lockOwnerOfRefund(tx: TenantSql, refundId: number): Promise<void> {
  const payment = Prisma.sql`finance.refunds r JOIN finance.payments p ON p.company_id = r.company_id AND p.id = r.payment_id`;
  const isOfRefund = Prisma.sql`r.company_id = ${tx.companyId}::bigint AND r.id = ${refundId}::bigint`;

  await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM ordering.orders o WHERE o.company_id = ${tx.companyId}::bigint
                  AND o.id = (SELECT p.order_id FROM ${payment} WHERE ${isOfRefund}) FOR UPDATE`,
  );
  await tx.query(
    dbNothing,
    Prisma.sql`SELECT 1 FROM ordering.subscriptions s WHERE s.company_id = ${tx.companyId}::bigint
                  AND s.id = (SELECT p.subscription_id FROM ${payment} WHERE ${isOfRefund}) FOR UPDATE`,
  );
}

/**
 * Money that was due to go back (of a cancelled order, or a payment too many) says nothing about an order that goes on;
 * money given back of one that goes on is money the customer has not spent.
 */
async function enterSuccess(
  tx: TenantSql,
  { refundId, transactionId, now }: { refundId: number; transactionId: string | null; now: Date },
): Promise<z.output<typeof Completed> | undefined> {
  const [row] = await tx.query(
    Completed,
    Prisma.sql`
      WITH ${finishRefundExpressions(tx.companyId, { refundId, transactionId, now })},
      order_row AS (
        UPDATE ordering.orders o SET payment_status = payment.status, updated_at = ${now}::timestamptz FROM payment, before
         WHERE o.company_id = ${tx.companyId}::bigint AND o.id = payment.order_id
           AND CASE WHEN o.status = 'cancelled'
                    THEN o.payment_status = 'refund_due' AND payment.status = 'refunded'
                         AND NOT EXISTS (SELECT FROM finance.payments other WHERE other.company_id = o.company_id AND other.order_id = o.id
                                            AND other.id <> payment.id AND other.status IN ('success', 'refund_due'))
                    ELSE NOT before.was_due END
        RETURNING o.id, o.customer_id, o.status
      ),
      unspent AS (${takeFromTotals(tx.companyId, Prisma.sql`SELECT o.customer_id, done.amount FROM order_row o, done WHERE o.status <> 'cancelled'`, now)})
      SELECT payment.id AS "paymentId", payment.order_id AS "orderId", payment.subscription_id AS "subscriptionId",
             done.amount, done.currency, payment.status AS "paymentStatus"
        FROM done, payment`,
  );

  return row;
}

async function enterFailure(
  tx: TenantSql,
  { refundId, reason, now }: { refundId: number; reason: string; now: Date },
): Promise<undefined> {
  await tx.query(dbNothing, failRefund(tx.companyId, { refundId, reason, now }));
}
