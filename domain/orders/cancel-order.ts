import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import type { DomainEvent } from '../events/event-types';
import { readCreditableLines } from '../billing/credit-notes/read-creditable-lines';
import { writeCreditNote } from '../billing/credit-notes/write-credit-note';
import { creditAllOf } from '../billing/invoices/reverse-invoice';
import { voidUnpaidInvoice } from '../billing/invoices/settle-invoice';
import { resolveSettings } from '../companies/setting-catalogue';
import { addToTotals } from '../customers/customer-totals';
import { releaseStock } from '../inventory/release-stock';
import { releaseCoupons } from '../promotions/release-coupons';
import { freeRefunds } from '../payments/refund-statements';
import { cancelFreePayments, cancelWaiting, makeRefundDue } from '../payments/move-payments';
import { lockOrder, type LockedOrder, readerOf } from './lock-order';
import { decideCancel, wasPaid } from './order-decider-rules';
import { insertOrderNotices, type OrderNotice } from './order-notices';
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
 * Ends an order that is not shipped, in one transaction that crosses contexts: stock given back, its codes, too, unless it
 * was paid, invoice voided unless money was received for it, open payments cancelled, what is left of received money marked to go back (D11). A repeat
 * changes nothing.
 * @throws AppError not_found, order_state once it is shipped
 */
export async function cancelOrder(tx: TenantSql, input: CancelOrder): Promise<Cancellation> {
  const order = await lockOrder(tx, input.orderId);

  const decision = decideCancel(order, input.cause);

  switch (decision.kind) {
    case 'repeat':
      return { kind: 'cancelled', refunds: decision.refunds };
    case 'paid_first':
      return decision;
    case 'cancel':
      await cancelNow(tx, order, input, decision);

      return { kind: 'cancelled', refunds: decision.refunds };
  }
}

async function cancelNow(
  tx: TenantSql,
  order: LockedOrder,
  input: CancelOrder,
  due: { refunds: number[]; newlyDue: number[] },
): Promise<void> {
  await closeRows(tx, order, input, due);
  const events = await releaseAndTell(tx, order, input, due.newlyDue);
  await takeInvoiceBack(tx, order, input);
  await appendEvents(tx, { subject: orderSubject(input.orderId), events, now: input.now });
}

/** Ends what belongs to the order. Payments without money in them are cancelled, also one of nothing to pay. */
async function closeRows(
  tx: TenantSql,
  order: LockedOrder,
  input: CancelOrder,
  { refunds, newlyDue }: { refunds: number[]; newlyDue: number[] },
): Promise<void> {
  const { orderId, now } = input;
  const totals = wasPaid(order) ? { spent: -order.invoice.paid_amount, orders: -1 } : {};
  const paymentStatus =
    refunds.length > 0 ? 'refund_due' : order.payment_status === 'refunded' ? 'refunded' : 'cancelled';
  await tx.write(Prisma.sql`
      WITH open_payments AS (${cancelWaiting(tx.companyId, order.invoice.id, now)}),
      free_payments AS (${cancelFreePayments(tx.companyId, order.invoice.id, now)}),
      refunds AS (${makeRefundDue(tx.companyId, newlyDue, now)}),
      freed AS (${freeRefunds(tx.companyId, newlyDue)}),
      told AS (${insertOrderNotices(tx.companyId, readerOf(order, orderId), [cancellationOf(order, input, refunds)], now)}),
      voided AS (${voidUnpaidInvoice(tx.companyId, order.invoice.id, now)}),
      uncounted AS (${addToTotals(tx.companyId, order.customer_id, totals, now)})
      UPDATE ordering.orders SET status = 'cancelled', payment_status = ${paymentStatus}, cancel_reason = ${input.reason},
             cancelled_at = ${now}::timestamptz, payment_due_at = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint`);
}

/** The credit note of a paid order that is cancelled: all that is left of it goes back by the way it came, by refunds under way, too (D21). */
async function takeInvoiceBack(tx: TenantSql, order: LockedOrder, { orderId, now }: CancelOrder): Promise<void> {
  if (order.invoice.paid_amount === 0) {
    return;
  }
  const { invoice, buyer } = order;
  const lines = await readCreditableLines(tx, Prisma.sql`l.invoice_id = ${invoice.id}::bigint`);
  await writeCreditNote(tx, {
    invoiceId: invoice.id,
    reason: 'cancellation',
    to: { payment: invoice.paid_amount, reserved: invoice.returned_amount },
    lines: lines.map(creditAllOf),
    party: { ...buyer, customerId: buyer.id },
    settings: resolveSettings(order.settings),
    subject: orderSubject(orderId),
    now,
  });
}

/** What the customer has paid, and will get back, is told with it. */
function cancellationOf(order: LockedOrder, { cause }: CancelOrder, refunds: readonly number[]): OrderNotice {
  const refundAmount = order.payments
    .filter(({ id }) => refunds.includes(id))
    .reduce((sum, { paid_amount, refunded_amount }) => sum + paid_amount - refunded_amount, 0);

  return { kind: 'order_cancelled', data: { refundAmount, isExpired: cause === 'window' } };
}

/** Gives stock and codes back; answers the events of the whole cancel, in the order in which they are told. */
async function releaseAndTell(
  tx: TenantSql,
  order: LockedOrder,
  input: CancelOrder,
  newlyDue: readonly number[],
): Promise<DomainEvent[]> {
  const { orderId } = input;
  const stock = await releaseStock(tx, orderId, input.now);
  const mayRelease = order.promotion_codes.length > 0 && !wasPaid(order);
  const coupons = mayRelease ? await releaseCoupons(tx, { orderId }, input.now) : [];

  return [
    ...stock.map(({ productId, quantity, kind }) => ({
      type: 'inventory.released' as const,
      payload: { orderId, productId, quantity, kind },
    })),
    ...coupons.map((coupon) => ({ type: 'promotion.released' as const, payload: { ...coupon, orderId } })),
    ...(wasPaid(order)
      ? []
      : [{ type: 'invoice.updated' as const, payload: { invoiceId: order.invoice.id, orderId, status: 'void' } }]),
    ...newlyDue.map((paymentId) => ({
      type: 'payment.refund_due' as const,
      payload: { paymentId, reason: 'order_cancelled' },
    })),
    {
      type: 'order.cancelled',
      payload: {
        orderId,
        orderNumber: order.order_number,
        customerId: order.customer_id,
        reason: input.reason,
        cause: input.cause,
      },
    },
  ];
}
