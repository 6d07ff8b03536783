import { z } from 'zod';

import { dbInstant } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';

export interface NewRefund {
  /** Null: the sequence gives one. */
  refundId: number | null;
  paymentId: number;
  /** minor units */
  amount: number;
  /** Of it, what its payment's invoice and the account's credit give. */
  invoiceAmount: number;
  balanceAmount: number;
  currency: string;
  reason: string;
  effectKey: string;
  now: Date;
}

/** Enters a refund before money moves. Returns its row. */
export function insertRefund(companyId: number, refund: NewRefund): Prisma.Sql {
  return Prisma.sql`
      INSERT INTO finance.refunds (id, company_id, payment_id, amount, invoice_amount, balance_amount, currency, status, reason, effect_key, created_at)
      VALUES (coalesce(${refund.refundId}::bigint, nextval('finance.refunds_id_seq')), ${companyId}::bigint, ${refund.paymentId}::bigint,
        ${refund.amount}::bigint, ${refund.invoiceAmount}::bigint, ${refund.balanceAmount}::bigint, ${refund.currency}, 'pending', ${refund.reason},
        ${refund.effectKey}, ${refund.now}::timestamptz)
      RETURNING *`;
}

/**
 * Notes, before it is done, that a refund is sent to its provider. A repeat changes nothing.
 * @returns when it was sent for the first time
 */
export async function noteRefundSent(tx: TenantSql, { refundId, now }: { refundId: number; now: Date }): Promise<Date> {
  const [row] = await tx.query(
    z.object({ sent_at: dbInstant }),
    Prisma.sql`UPDATE finance.refunds SET sent_at = coalesce(sent_at, ${now}::timestamptz)
                WHERE company_id = ${tx.companyId}::bigint AND id = ${refundId}::bigint RETURNING sent_at`,
  );

  if (row === undefined) {
    throw new Error(`Refund ${refundId} is to be sent, and is not there.`);
  }

  return row.sent_at;
}

/**
 * Common table expressions that enter the success of a pending refund: `done` is the refund, `before` its payment as it
 * was, `payment` as it is now. A repeat yields no rows.
 */
export function finishRefundExpressions(
  companyId: number,
  { refundId, transactionId, now }: { refundId: number; transactionId: string | null; now: Date },
): Prisma.Sql {
  return Prisma.sql`
      done AS (
        UPDATE finance.refunds SET status = 'succeeded', transaction_id = ${transactionId}, completed_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${refundId}::bigint AND status = 'pending'
        RETURNING payment_id, amount, invoice_amount, currency
      ),
      before AS (
        SELECT p.id, p.status = 'refund_due' AS was_due FROM finance.payments p, done
         WHERE p.company_id = ${companyId}::bigint AND p.id = done.payment_id FOR UPDATE OF p
      ),
      payment AS (
        UPDATE finance.payments p
           SET refunded_amount = p.refunded_amount + done.amount, applied_amount = p.applied_amount - done.invoice_amount,
               status = CASE WHEN p.refunded_amount + done.amount >= p.paid_amount THEN 'refunded'
                             WHEN before.was_due THEN 'refund_due' ELSE 'partially_refunded' END,
               updated_at = ${now}::timestamptz
          FROM done, before WHERE p.company_id = ${companyId}::bigint AND p.id = before.id
        RETURNING p.id, p.order_id, p.subscription_id, p.customer_id, p.status
      )`;
}

/** A refund that the provider will not make. Returns its row, nothing for a repeat. */
export function failRefund(
  companyId: number,
  { refundId, reason, now }: { refundId: number; reason: string; now: Date },
): Prisma.Sql {
  return Prisma.sql`UPDATE finance.refunds SET status = 'failed', failure_reason = ${reason}, completed_at = ${now}::timestamptz
         WHERE company_id = ${companyId}::bigint AND id = ${refundId}::bigint AND status = 'pending'
        RETURNING payment_id, amount, invoice_amount, balance_amount`;
}

/** The invoice of refunds under way is taken back by another road: they take nothing out of it any more. */
export function freeRefunds(companyId: number, paymentIds: readonly number[]): Prisma.Sql {
  return Prisma.sql`UPDATE finance.refunds SET invoice_amount = 0
         WHERE company_id = ${companyId}::bigint AND payment_id = ANY (${[...paymentIds]}::bigint[]) AND status = 'pending' RETURNING id`;
}
