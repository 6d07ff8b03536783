import { Prisma } from '../../platform/db/database';

/**
 * The order shows what became of its money, by `before` and `payment` of finishRefundExpressions. Money that was due to go
 * back (a payment too many) says nothing about an order that goes on; a cancelled one waits for all that is due.
 */
export function followRefund(companyId: number, now: Date): Prisma.Sql {
  return Prisma.sql`
        UPDATE ordering.orders o SET payment_status = payment.status, updated_at = ${now}::timestamptz FROM payment, before
         WHERE o.company_id = ${companyId}::bigint AND o.id = payment.order_id
           AND CASE WHEN o.status = 'cancelled'
                    THEN o.payment_status = 'refund_due' AND payment.status = 'refunded'
                         AND NOT EXISTS (SELECT FROM finance.payments other WHERE other.company_id = o.company_id AND other.order_id = o.id
                                            AND other.id <> payment.id AND other.status IN ('success', 'refund_due'))
                    ELSE NOT before.was_due END
        RETURNING o.id`;
}
