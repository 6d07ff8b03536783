import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import type { DomainEvent } from '../events/event-types';
import { releaseStock } from '../inventory/release-stock';
import { lockOrder, type LockedOrder } from './lock-order';
import { orderSubject } from './order-number-rules';
import type { Cancellation } from './order-types';

export interface CancelOrder {
  orderId: number;
  reason: string;
  /** `window`: the time to pay ran out, which a payment committed before it wins against (D5). */
  cause: 'request' | 'window';
  now: Date;
}

/**
 * Ends an order that is not shipped, in one transaction that crosses contexts: stock given back, invoice voided unless
 * money was received for it, open payments cancelled, received money marked to go back (D11). A repeat changes nothing.
 */
export async function cancelOrder(tx: TenantSql, input: CancelOrder): Promise<Cancellation> {
  const order = await lockOrder(tx, input.orderId);

  if (order.status === 'cancelled') {
    return {
      kind: 'cancelled',
      refunds: order.payments.filter(({ status }) => status === 'refund_due').map(({ id }) => id),
    };
  }

  if (order.status === 'shipped' || order.status === 'delivered') {
    const error = new AppError('order_state', {
      detail: `The order is ${order.status}; it can be returned, not cancelled.`,
      params: { status: order.status },
    });

    return { kind: 'refused', error: error.toJSON() };
  }

  const received = order.payments.filter(({ status }) => status === 'success');
  const unsettled = received.find(({ settled_at }) => settled_at === null);

  if (input.cause === 'window' && (unsettled !== undefined || order.status !== 'pending')) {
    return { kind: 'paid_first', paymentId: unsettled?.id ?? received[0]?.id ?? 0 };
  }

  const refunds = order.payments
    .filter(({ status }) => status === 'success' || status === 'refund_due')
    .map(({ id }) => id);
  await closeRows(tx, order, input, refunds);
  const stock = await releaseStock(tx, input.orderId, input.now);
  const isPaidInvoice = order.invoice.status === 'paid';
  const events: DomainEvent[] = [
    ...stock.map(({ productId, quantity, kind }) => ({
      type: 'inventory.released' as const,
      payload: { orderId: input.orderId, productId, quantity, kind },
    })),
    ...(isPaidInvoice
      ? []
      : [
          {
            type: 'invoice.updated' as const,
            payload: { invoiceId: order.invoice.id, orderId: input.orderId, status: 'void' },
          },
        ]),
    ...refunds.map((paymentId) => ({
      type: 'payment.refund_due' as const,
      payload: { paymentId, reason: 'order_cancelled' },
    })),
    {
      type: 'order.cancelled',
      payload: {
        orderId: input.orderId,
        orderNumber: order.order_number,
        customerId: order.customer_id,
        reason: input.reason,
        cause: input.cause,
      },
    },
  ];
  await appendEvents(tx, { subject: orderSubject(input.orderId), events, now: input.now });

  return { kind: 'cancelled', refunds };
}

async function closeRows(tx: TenantSql, order: LockedOrder, input: CancelOrder, refunds: number[]): Promise<void> {
  const { orderId, now } = input;
  const wasCounted = order.payment_status === 'paid';
  await tx.query(
    z.unknown(),
    Prisma.sql`
      WITH open_payments AS (
        UPDATE finance.payments SET status = 'cancelled', updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND order_id = ${orderId}::bigint AND status = 'initiated' RETURNING id
      ),
      refunds AS (
        UPDATE finance.payments SET status = 'refund_due', settled_at = coalesce(settled_at, ${now}::timestamptz), updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND order_id = ${orderId}::bigint AND status = 'success' RETURNING id
      ),
      voided AS (
        UPDATE finance.invoices SET status = 'void', due_amount = 0, voided_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${order.invoice.id}::bigint AND status IN ('draft', 'open') RETURNING id
      ),
      uncounted AS (
        UPDATE customer.customers SET total_spent = total_spent - ${order.total_amount}::bigint, order_count = order_count - 1, updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${order.customer_id}::bigint AND ${wasCounted} RETURNING id
      )
      UPDATE ordering.orders SET status = 'cancelled', payment_status = ${refunds.length > 0 ? 'refund_due' : 'cancelled'}, cancel_reason = ${input.reason},
             cancelled_at = ${now}::timestamptz, payment_due_at = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint`,
  );
}
