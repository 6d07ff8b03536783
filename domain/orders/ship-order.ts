import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import { deductionsTold, deductStockExpressions } from '../inventory/deduct-stock';
import { lockOrder, readerOf } from './lock-order';
import { decideShipment } from './order-decider-rules';
import { insertOrderNotices } from './order-notices';
import { orderSubject } from './order-number-rules';

/**
 * Hands a confirmed order to a carrier. Goods paid on delivery leave the stock here; paid ones left it at payment.
 * A repeat changes nothing.
 * @throws AppError not_found, order_state unless the order is confirmed and its payment was not refunded in full, nor is being so
 */
export async function shipOrder(
  tx: TenantSql,
  input: { orderId: number; carrier: string | null; trackingNumber: string | null; now: Date },
): Promise<void> {
  const order = await lockOrder(tx, input.orderId);

  if (!decideShipment(order)) {
    return;
  }

  await tx.write(Prisma.sql`WITH ${deductStockExpressions(tx.companyId, { orderId: input.orderId, subject: orderSubject(input.orderId) }, input.now)},
      told AS (${insertOrderNotices(
        tx.companyId,
        readerOf(order, input.orderId),
        [{ kind: 'order_shipped', data: { carrier: input.carrier, trackingNumber: input.trackingNumber } }],
        input.now,
      )})
      UPDATE ordering.orders SET status = 'shipped', carrier = ${input.carrier}, tracking_number = ${input.trackingNumber},
             shipped_at = ${input.now}::timestamptz, updated_at = ${input.now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${input.orderId}::bigint AND ${deductionsTold}`);
  await appendEvents(tx, {
    subject: orderSubject(input.orderId),
    events: [
      {
        type: 'order.shipped',
        payload: {
          orderId: input.orderId,
          orderNumber: order.order_number,
          customerId: order.customer_id,
          carrier: input.carrier,
          trackingNumber: input.trackingNumber,
        },
      },
    ],
    now: input.now,
  });
}
