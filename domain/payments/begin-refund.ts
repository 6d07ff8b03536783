import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
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

/**
 * Enters a refund before money moves, under the payment's lock: what is under way and what was given back never exceed
 * what was paid. A repeat with the same id returns what stands.
 * @throws AppError payment_state when nothing was paid, refund_exceeds_payment
 */
export async function beginRefund(tx: TenantTransaction, input: BeginRefund): Promise<RefundToSend> {
  const [payment] = await tx.query(
    z.object({
      order_id: dbInteger.nullable(),
      method: z.string(),
      status: z.string(),
      paid_amount: dbInteger,
      refunded_amount: dbInteger,
      currency: z.string(),
      reference: z.string(),
      transaction_id: z.string().nullable(),
      created_at: dbInstant,
    }),
    Prisma.sql`SELECT order_id, method, status, paid_amount, refunded_amount, currency, reference, transaction_id, created_at
                 FROM finance.payments WHERE company_id = ${tx.companyId}::bigint AND id = ${input.paymentId}::bigint FOR UPDATE`,
  );

  if (payment === undefined) {
    throw new AppError('not_found', { detail: `There is no payment ${input.paymentId}.` });
  }

  const refunds = await tx.orm.refund.findMany({ where: { companyId: tx.companyId, paymentId: input.paymentId } });
  const existing = refunds.find(({ effectKey }) => effectKey === input.effectKey);
  const base = {
    paymentId: input.paymentId,
    orderId: payment.order_id,
    method: payment.method as PaymentMethod,
    paidAmount: payment.paid_amount,
    refundedBefore: payment.refunded_amount,
    currency: payment.currency,
    reference: payment.reference,
    transactionId: payment.transaction_id,
    initiatedAt: payment.created_at.toISOString(),
    effectKey: input.effectKey,
  };

  if (existing !== undefined) {
    return {
      ...base,
      refundId: Number(existing.id),
      status: existing.status,
      amount: Number(existing.amount),
      reason: existing.reason ?? input.reason,
      firstSentAt: existing.createdAt.toISOString(),
    };
  }

  const pending = refunds
    .filter(({ status }) => status === 'pending')
    .reduce((sum, { amount }) => sum + Number(amount), 0);
  const refundable = payment.paid_amount - payment.refunded_amount - pending;
  const amount = input.amount ?? refundable;

  if (!['success', 'refund_due', 'partially_refunded'].includes(payment.status)) {
    throw new AppError('payment_state', {
      detail: `The payment is ${payment.status}; there is nothing to refund.`,
      params: { status: payment.status },
    });
  }

  if (amount <= 0 || amount > refundable) {
    throw new AppError('refund_exceeds_payment', {
      detail: `At most ${refundable} ${payment.currency} can be refunded.`,
      field: '/amount',
      params: { refundable },
    });
  }

  const created = await tx.orm.refund.create({
    data: {
      ...(input.refundId === null ? {} : { id: input.refundId }),
      companyId: tx.companyId,
      paymentId: input.paymentId,
      amount,
      currency: payment.currency,
      status: 'pending',
      reason: input.reason,
      effectKey: input.effectKey,
      createdAt: input.now,
    },
  });

  return {
    ...base,
    refundId: Number(created.id),
    status: 'pending',
    amount,
    reason: input.reason,
    firstSentAt: input.now.toISOString(),
  };
}
