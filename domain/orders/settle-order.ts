import { Prisma, type TenantSql } from '../../platform/db/database';
import { finaliseInvoice } from '../billing/invoices/finalise-invoice';
import { payOpenInvoice } from '../billing/invoices/settle-invoice';
import { resolveSettings } from '../companies/setting-catalogue';
import { addToTotals } from '../customers/customer-totals';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import type { DomainEvent } from '../events/event-types';
import { deductionsTold, deductStockExpressions } from '../inventory/deduct-stock';
import { markRefundDue } from '../payments/mark-refund-due';
import { markAllSignalled, settlePayment, supersedeWaiting } from '../payments/move-payments';
import { invoiceNumbering, invoiceSnapshot } from '../billing/invoices/invoice-document';
import { lockOrder, type LockedOrder, readerOf } from './lock-order';
import { decideSettlement } from './order-decider-rules';
import { insertOrderNotices } from './order-notices';
import { orderSubject } from './order-number-rules';
import type { OrderStatus, Settlement } from './order-types';

/**
 * Takes a payment in, in one transaction that crosses contexts: invoice paid and numbered, order confirmed, reservation
 * turned into a deduction, `order.completed` (S152–S154, S173). Money that comes when the invoice is paid already or the
 * order is over, or is not what was asked for, is marked to be given back (D11). Repeating it changes nothing. What the
 * inbox holds about the payment counts as told when the order is completed: nothing in it can change that any more (D5).
 * @throws AppError not_found when the order is not there, or the payment is not its own
 */
export async function settleOrder(
  tx: TenantSql,
  input: { orderId: number; paymentId: number; now: Date },
): Promise<Settlement> {
  const order = await lockOrder(tx, input.orderId);
  const payment = order.payments.find(({ id }) => id === input.paymentId);

  if (payment === undefined) {
    throw new AppError('not_found', { detail: `Payment ${input.paymentId} is not of order ${input.orderId}.` });
  }

  const decision = decideSettlement(order, payment);

  switch (decision.kind) {
    case 'complete':
      await completeOrder(tx, order, input, decision.status);

      return { kind: 'completed' };
    case 'note_failure':
      return noteFailure(tx, order, input);
    case 'return':
      await markRefundDue(tx, {
        paymentId: payment.id,
        subject: orderSubject(input.orderId),
        reason: decision.reason,
        now: input.now,
      });

      return giveBack(tx, order, input);
    case 'go_on_returning':
      return giveBack(tx, order, input);
    case 'repeat':
      return { kind: decision.isCompleted ? 'completed' : 'unchanged' };
  }
}

/** A cancelled order shows that money for it came after all. */
async function giveBack(
  tx: TenantSql,
  order: LockedOrder,
  input: { orderId: number; paymentId: number; now: Date },
): Promise<Settlement> {
  if (order.status === 'cancelled' && order.payment_status === 'cancelled') {
    await tx.write(Prisma.sql`UPDATE ordering.orders SET payment_status = 'refund_due', updated_at = ${input.now}::timestamptz
                  WHERE company_id = ${tx.companyId}::bigint AND id = ${input.orderId}::bigint`);
  }

  return { kind: 'refund_due', paymentId: input.paymentId };
}

async function noteFailure(
  tx: TenantSql,
  order: LockedOrder,
  input: { orderId: number; paymentId: number; now: Date },
): Promise<Settlement> {
  await tx.write(Prisma.sql`WITH told AS (${insertOrderNotices(
    tx.companyId,
    readerOf(order, input.orderId),
    [{ kind: 'order_payment_failed', invoiceId: order.invoice.id, data: { payBy: order.payment_due_at } }],
    input.now,
  )})
               UPDATE ordering.orders SET payment_status = 'failed', updated_at = ${input.now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${input.orderId}::bigint`);

  return { kind: 'failed' };
}

async function completeOrder(
  tx: TenantSql,
  order: LockedOrder,
  input: { orderId: number; paymentId: number; now: Date },
  status: OrderStatus,
): Promise<void> {
  const { orderId, paymentId, now } = input;
  const settings = resolveSettings(order.settings);
  const isCashOnDelivery = order.status !== 'pending';
  await tx.write(Prisma.sql`
      WITH ${deductStockExpressions(tx.companyId, { orderId, subject: orderSubject(orderId) }, now)},
      settled AS (${settlePayment(tx.companyId, { paymentId, applied: order.total_amount }, now)}),
      set_aside AS (${supersedeWaiting(tx.companyId, order.invoice.id, now)}),
      confirmation AS (${insertOrderNotices(tx.companyId, readerOf(order, orderId), isCashOnDelivery ? [] : [{ kind: 'order_confirmed' }], now)}),
      told AS (${markAllSignalled(tx.companyId, paymentId, now)}),
      bought AS (${addToTotals(tx.companyId, order.customer_id, { spent: order.total_amount, orders: 1 }, now)})
      UPDATE ordering.orders SET payment_status = 'paid', status = ${status},
             confirmed_at = coalesce(confirmed_at, ${now}::timestamptz), payment_due_at = NULL, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${orderId}::bigint AND ${deductionsTold}`);

  const events = completionEvents(order, input, isCashOnDelivery);

  if (order.invoice.finalised_at !== null) {
    await tx.write(payOpenInvoice(tx.companyId, order.invoice.id, now));
    await appendEvents(tx, { subject: orderSubject(orderId), events, now });

    return;
  }

  await finaliseInvoice(tx, {
    invoiceId: order.invoice.id,
    status: 'paid',
    numbering: invoiceNumbering(settings, { customerId: order.customer_id, isTest: order.buyer.isTest, now }),
    snapshot: invoiceSnapshot(settings, order.buyer),
    dueDate: now,
    subject: orderSubject(orderId),
    events,
    now,
  });
}

function completionEvents(
  order: LockedOrder,
  input: { orderId: number; paymentId: number },
  isCashOnDelivery: boolean,
): DomainEvent[] {
  const { orderId, paymentId } = input;
  const ids = { orderId, orderNumber: order.order_number, customerId: order.customer_id };
  const money = { totalAmount: order.total_amount, currency: order.currency };

  return [
    { type: 'invoice.updated', payload: { invoiceId: order.invoice.id, orderId, status: 'paid', ...money } },
    ...(isCashOnDelivery ? [] : [{ type: 'order.confirmed' as const, payload: { ...ids, ...money } }]),
    { type: 'order.completed', payload: { ...ids, ...money, invoiceId: order.invoice.id, paymentId } },
  ];
}
