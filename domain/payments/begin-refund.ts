import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { formatMoney } from '../money/currency-rules';
import type { PaymentMethod } from './payment-gateway';

export interface BeginRefund {
  /** Reserved by who asks; null: the one refund of money that is due to go back. */
  refundId: number | null;
  paymentId: number;
  /** Minor units; null: all that is left. */
  amount: number | null;
  reason: string;
  effectKey: string;
  now: Date;
}

/** What the provider needs to give the money back. Instants are ISO 8601. */
export interface RefundToSend {
  refundId: number;
  paymentId: number;
  orderId: number | null;
  status: string;
  method: PaymentMethod;
  amount: number;
  paidAmount: number;
  refundedBefore: number;
  currency: string;
  reference: string;
  transactionId: string | null;
  initiatedAt: string;
  firstSentAt: string;
  effectKey: string;
  reason: string;
}

const PaymentRow = z.object({
  order_id: dbInteger.nullable(),
  method: z.string(),
  status: z.string(),
  paid_amount: dbInteger,
  refunded_amount: dbInteger,
  currency: z.string(),
  reference: z.string(),
  transaction_id: z.string().nullable(),
  settled_at: dbInstant.nullable(),
  created_at: dbInstant,
});
type PaymentRow = z.output<typeof PaymentRow>;

const RefundRow = z.object({
  id: dbInteger,
  amount: dbInteger,
  status: z.string(),
  reason: z.string().nullable(),
  effect_key: z.string(),
  created_at: dbInstant,
});
type RefundRow = z.output<typeof RefundRow>;

/**
 * Enters a refund before money moves, under the payment's lock: what is under way and what was given back never exceed
 * what was paid. A repeat with the same effect key returns what stands.
 * @throws AppError not_found, payment_state when there is no money to give back (yet), refund_exceeds_payment
 */
export async function beginRefund(tx: TenantSql, input: BeginRefund): Promise<RefundToSend> {
  const payment = await lockPayment(tx, input.paymentId);
  const refunds = await tx.query(
    RefundRow,
    Prisma.sql`SELECT id, amount, status, reason, effect_key, created_at FROM finance.refunds
                WHERE company_id = ${tx.companyId}::bigint AND payment_id = ${input.paymentId}::bigint`,
  );
  const existing = refunds.find(({ effect_key }) => effect_key === input.effectKey);
  const refund = existing ?? (await insertRefund(tx, input, payment, amountToRefund(input, payment, refunds)));

  return {
    refundId: refund.id,
    paymentId: input.paymentId,
    orderId: payment.order_id,
    status: refund.status,
    method: payment.method as PaymentMethod,
    amount: refund.amount,
    paidAmount: payment.paid_amount,
    refundedBefore: payment.refunded_amount,
    currency: payment.currency,
    reference: payment.reference,
    transactionId: payment.transaction_id,
    initiatedAt: payment.created_at.toISOString(),
    firstSentAt: refund.created_at.toISOString(),
    effectKey: input.effectKey,
    reason: refund.reason ?? input.reason,
  };
}

async function lockPayment(tx: TenantSql, paymentId: number): Promise<PaymentRow> {
  const [payment] = await tx.query(
    PaymentRow,
    Prisma.sql`SELECT order_id, method, status, paid_amount, refunded_amount, currency, reference, transaction_id, settled_at, created_at
                 FROM finance.payments WHERE company_id = ${tx.companyId}::bigint AND id = ${paymentId}::bigint FOR UPDATE`,
  );

  if (payment === undefined) {
    throw new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
  }

  return payment;
}

/** Minor units. @throws AppError payment_state, refund_exceeds_payment */
function amountToRefund(input: BeginRefund, payment: PaymentRow, refunds: readonly RefundRow[]): number {
  if (!['success', 'refund_due', 'partially_refunded'].includes(payment.status)) {
    throw new AppError('payment_state', {
      detail: `The payment is ${payment.status}; there is nothing to refund.`,
      params: { state: payment.status },
    });
  }

  // Its owner has not looked at it: given back now, it would be gone before it could pay for anything.
  if (payment.settled_at === null && payment.status === 'success') {
    throw new AppError('payment_state', {
      detail: 'The payment is still being taken in. Try again in a moment.',
      params: { state: payment.status },
    });
  }

  const pending = refunds.filter(({ status }) => status === 'pending').reduce((sum, { amount }) => sum + amount, 0);
  const refundable = payment.paid_amount - payment.refunded_amount - pending;
  const amount = input.amount ?? refundable;

  if (amount <= 0 || amount > refundable) {
    throw new AppError('refund_exceeds_payment', {
      detail: `At most ${formatMoney(refundable, payment.currency)} can be refunded.`,
      field: '/amount',
      params: { refundable },
    });
  }

  return amount;
}

async function insertRefund(
  tx: TenantSql,
  input: BeginRefund,
  payment: PaymentRow,
  amount: number,
): Promise<RefundRow> {
  const [created] = await tx.query(
    RefundRow,
    Prisma.sql`
      INSERT INTO finance.refunds (id, company_id, payment_id, amount, currency, status, reason, effect_key, created_at)
      VALUES (coalesce(${input.refundId}::bigint, nextval('finance.refunds_id_seq')), ${tx.companyId}::bigint, ${input.paymentId}::bigint,
        ${amount}::bigint, ${payment.currency}, 'pending', ${input.reason}, ${input.effectKey}, ${input.now}::timestamptz)
      RETURNING id, amount, status, reason, effect_key, created_at`,
  );

  if (created === undefined) {
    throw new Error(`Refund ${input.effectKey} was not written.`);
  }

  return created;
}
