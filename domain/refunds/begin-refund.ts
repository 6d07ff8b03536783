import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { enterBalance } from '../billing/account/enter-balance';
import { usableCredit } from '../billing/account/lock-account';
import { reserveReturn } from '../billing/invoices/settle-invoice';
import { AppError } from '../errors';
import { formatMoney } from '../money/currency-rules';
import type { PaymentMethod } from '../payments/payment-gateway';
import { isRefundable } from '../payments/payment-state-rules';
import { insertRefund } from '../payments/refund-statements';
import { lockRefundOwner } from './lock-refund-owner';
import { refundable, type RefundShares, sharesOf, totalOf } from './refundable-rules';

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
  /** Absent in workflows that began before it was told. */
  companyId?: number;
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
  /** As it is entered; whoever sends it notes when that is. */
  firstSentAt: string;
  effectKey: string;
  reason: string;
}

const PaymentRow = z.object({
  order_id: dbInteger.nullable(),
  invoice_id: dbInteger,
  billing_account_id: dbInteger,
  invoice_keeps: dbInteger,
  method: z.string(),
  status: z.string(),
  paid_amount: dbInteger,
  refunded_amount: dbInteger,
  applied_amount: dbInteger,
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
  invoice_amount: dbInteger,
  balance_amount: dbInteger,
  status: z.string(),
  reason: z.string().nullable(),
  effect_key: z.string(),
  created_at: dbInstant,
});
type RefundRow = z.output<typeof RefundRow>;

/**
 * Enters a refund before money moves: what goes back by refunds, credit notes and account credit together never exceeds
 * what was received (D21). Its invoice keeps so much less for other roads until it has succeeded or failed. A repeat with
 * the same effect key returns what stands.
 * @throws AppError not_found, payment_state when there is no money to give back (yet), refund_exceeds_payment
 */
export async function beginRefund(tx: TenantSql, input: BeginRefund): Promise<RefundToSend> {
  await lockRefundOwner(tx, Prisma.sql`SELECT ${input.paymentId}::bigint`);
  const payment = await lockPayment(tx, input.paymentId);
  const refunds = await tx.query(
    RefundRow,
    Prisma.sql`SELECT id, amount, invoice_amount, balance_amount, status, reason, effect_key, created_at FROM finance.refunds
                WHERE company_id = ${tx.companyId}::bigint AND payment_id = ${input.paymentId}::bigint`,
  );
  const existing = refunds.find(({ effect_key }) => effect_key === input.effectKey);
  const refund = existing ?? (await enter(tx, input, payment, await shareOut(tx, input, payment, refunds)));

  return {
    companyId: tx.companyId,
    refundId: refund.id,
    paymentId: input.paymentId,
    orderId: payment.order_id,
    status: refund.status,
    method: payment.method as PaymentMethod,
    amount: refund.amount,
    paidAmount: payment.paid_amount,
    refundedBefore: payment.refunded_amount + underWayBefore(refund, refunds),
    currency: payment.currency,
    reference: payment.reference,
    transactionId: payment.transaction_id,
    initiatedAt: payment.created_at.toISOString(),
    firstSentAt: refund.created_at.toISOString(),
    effectKey: input.effectKey,
    reason: refund.reason ?? input.reason,
  };
}

/**
 * What refunds come to that were entered earlier and have no outcome yet. The refunds of a payment are sent one after the
 * other, so all of it has gone back by the time that this one is sent, but for what is declined.
 */
function underWayBefore(refund: RefundRow, refunds: readonly RefundRow[]): number {
  const isBefore = ({ id, created_at }: RefundRow) =>
    created_at < refund.created_at || (created_at.getTime() === refund.created_at.getTime() && id < refund.id);

  return refunds
    .filter((other) => other.status === 'pending' && isBefore(other))
    .reduce((sum, { amount }) => sum + amount, 0);
}

async function lockPayment(tx: TenantSql, paymentId: number): Promise<PaymentRow> {
  const [payment] = await tx.query(
    PaymentRow,
    Prisma.sql`SELECT p.order_id, p.invoice_id, i.billing_account_id, i.paid_amount + i.balance_applied - i.returned_amount AS invoice_keeps, p.method,
                      p.status, p.paid_amount, p.refunded_amount, p.applied_amount, p.currency, p.reference, p.transaction_id, p.settled_at, p.created_at
                 FROM finance.payments p JOIN finance.invoices i ON i.company_id = p.company_id AND i.id = p.invoice_id
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${paymentId}::bigint FOR UPDATE OF i, p`,
  );

  if (payment === undefined) {
    throw new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
  }

  return payment;
}

/** @throws AppError payment_state, refund_exceeds_payment */
async function shareOut(
  tx: TenantSql,
  input: BeginRefund,
  payment: PaymentRow,
  refunds: readonly RefundRow[],
): Promise<RefundShares> {
  if (!isRefundable(payment.status)) {
    throw new AppError('payment_state', {
      detail: `The payment is ${payment.status}; there is nothing to refund.`,
      params: { state: payment.status },
    });
  }

  // Its owner has not looked at it: given back now, it would be gone before it could pay for anything.
  if (payment.settled_at === null && payment.status === 'success') {
    throw new AppError('payment_state', {
      detail: 'The payment is still being taken in. Ask again in a moment, under another Idempotency-Key.',
      params: { state: payment.status },
    });
  }
  const left = refundable({
    status: payment.status,
    paid: payment.paid_amount,
    refunded: payment.refunded_amount,
    applied: payment.applied_amount,
    pending: refunds.filter(({ status }) => status === 'pending').map(sharesOfRow),
    invoiceKeeps: payment.invoice_keeps,
    balance: await usableCredit(tx, { billingAccountId: payment.billing_account_id, now: input.now }),
  });
  const amount = input.amount ?? totalOf(left);

  if (amount <= 0 || amount > totalOf(left)) {
    throw new AppError('refund_exceeds_payment', {
      detail: `At most ${formatMoney(totalOf(left), payment.currency)} can be refunded.`,
      field: '/amount',
      params: { refundable: totalOf(left) },
    });
  }

  return sharesOf(amount, left);
}

const sharesOfRow = ({ amount, invoice_amount: invoice, balance_amount: balance }: RefundRow): RefundShares => ({
  invoice,
  balance,
  unowned: amount - invoice - balance,
});

/** What it takes from its invoice is reserved there; what it takes from account credit leaves the ledger at once. */
async function enter(tx: TenantSql, input: BeginRefund, payment: PaymentRow, shares: RefundShares): Promise<RefundRow> {
  const { now } = input;
  const [created] = await tx.query(
    RefundRow,
    insertRefund(tx.companyId, {
      ...input,
      amount: totalOf(shares),
      invoiceAmount: shares.invoice,
      balanceAmount: shares.balance,
      currency: payment.currency,
    }),
  );

  if (created === undefined) {
    throw new Error(`Refund ${input.effectKey} was not written.`);
  }

  if (shares.invoice > 0) {
    await tx.write(reserveReturn(tx.companyId, payment.invoice_id, shares.invoice, now));
  }
  await enterBalance(tx, {
    party: { billingAccountId: payment.billing_account_id },
    kind: 'refunded',
    amount: -shares.balance,
    paymentId: input.paymentId,
    now,
  });

  return created;
}
