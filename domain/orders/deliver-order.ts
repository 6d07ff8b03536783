import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import type { DomainEvent } from '../events/event-types';
import { payCash } from '../payments/move-payments';
import { lockOrder } from './lock-order';
import { decideDelivery } from './order-decider-rules';
import { orderSubject } from './order-number-rules';
import { settleOrder } from './settle-order';

/**
 * The goods arrived. Cash on delivery is paid with it: payment, invoice and `order.completed` in the same transaction
 * (D11). A repeat changes nothing.
 * @throws AppError not_found, order_state unless the order is shipped
 */
export async function deliverOrder(tx: TenantSql, input: { orderId: number; now: Date }): Promise<void> {
  const { orderId, now } = input;
  const order = await lockOrder(tx, orderId);

  const delivery = decideDelivery(order);

  if (delivery === null) {
    return;
  }
  const { cash } = delivery;
  await tx.write(Prisma.sql`
      WITH cash AS (${cash === null ? Prisma.sql`SELECT 1` : payCash(tx.companyId, cash.id, now)})
      UPDATE ordering.orders SET status = 'delivered', delivered_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint`);
  const events: DomainEvent[] = [
    { type: 'order.delivered', payload: { orderId, orderNumber: order.order_number, customerId: order.customer_id } },
    ...(cash === null
      ? []
      : [
          {
            type: 'payment.success' as const,
            payload: {
              paymentId: cash.id,
              orderId,
              invoiceId: order.invoice.id,
              paidAmount: cash.amount,
              currency: order.currency,
            },
          },
        ]),
  ];
  await appendEvents(tx, { subject: orderSubject(orderId), events, now });

  if (cash !== null) {
    await settleOrder(tx, { orderId, paymentId: cash.id, now });
  }
}
