import { Prisma, type TenantSql } from '../../platform/db/database';
import { resolveSettings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { initiatePayment, isCharged } from '../payments/initiate-payment';
import { insertPayment, type NewPayment } from '../payments/insert-payment';
import { supersedeWaiting } from '../payments/move-payments';
import type { PaymentGateways, PaymentMethod } from '../payments/payment-gateway';
import { lockOrder } from './lock-order';
import { decidePayment } from './order-decider-rules';
import { orderSubject } from './order-number-rules';
import type { StartedPayment } from './order-types';

export interface StartPayment {
  orderId: number;
  paymentId: number;
  paymentMethod: PaymentMethod | null;
  paymentToken: string | null;
  customerIp: string | null;
  locale: 'vi' | 'en';
}

/**
 * Starts another payment of a pending order; the one under way is superseded, so that at most one waits (D11). A repeat
 * with the same payment id returns what stands.
 * @throws AppError not_found, order_already_paid, order_state, payment_method_unavailable, payment_token_required
 */
export async function startPayment(
  tx: TenantSql,
  input: StartPayment,
  { gateways, now }: { gateways: PaymentGateways; now: Date },
): Promise<StartedPayment> {
  const order = await lockOrder(tx, input.orderId);
  const existing = order.payments.find(({ id }) => id === input.paymentId);

  if (existing !== undefined) {
    return {
      paymentId: existing.id,
      method: existing.method as PaymentMethod,
      status: existing.status as 'initiated',
      attempt: existing.attempt,
      isCharged: isCharged(gateways, existing.method),
    };
  }

  decidePayment(order, now);
  const method = input.paymentMethod ?? (order.payment_method as PaymentMethod);
  const attempt = Math.max(...order.payments.map((payment) => payment.attempt)) + 1;

  if (method === 'cod') {
    throw new AppError('payment_method_unavailable', {
      detail: 'Cash on delivery is chosen when the order is placed.',
      field: '/paymentMethod',
    });
  }

  const initiation = initiatePayment(gateways, resolveSettings(order.settings), {
    method,
    token: input.paymentToken,
    isOnClock: order.buyer.isTest,
    paymentId: input.paymentId,
    amount: order.total_amount,
    currency: order.currency,
    description: `Thanh toan don hang ${order.order_number}`,
    now,
    payBy: order.payment_due_at,
    customerIp: input.customerIp,
    locale: input.locale,
  });
  const payment: NewPayment = {
    paymentId: input.paymentId,
    invoiceId: order.invoice.id,
    orderId: input.orderId,
    subscriptionId: null,
    customerId: order.customer_id,
    method,
    paymentMethodId: null,
    status: 'initiated',
    attempt,
    amount: order.total_amount,
    currency: order.currency,
    initiation,
    now,
  };
  await tx.write(supersedeWaiting(tx.companyId, order.invoice.id, now));
  await tx.write(Prisma.sql`
      WITH added AS (${insertPayment(tx.companyId, payment)})
      UPDATE ordering.orders SET payment_status = 'pending', payment_method = ${method}, updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${input.orderId}::bigint`);
  const payload = {
    paymentId: input.paymentId,
    invoiceId: order.invoice.id,
    orderId: input.orderId,
    method,
    attempt,
    amount: order.total_amount,
    currency: order.currency,
  };
  await appendEvents(tx, {
    subject: orderSubject(input.orderId),
    events: [{ type: 'payment.initiated', payload }],
    now,
  });

  return { paymentId: input.paymentId, method, status: 'initiated', attempt, isCharged: isCharged(gateways, method) };
}
