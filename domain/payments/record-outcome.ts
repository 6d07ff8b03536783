import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import type { DomainEvent } from '../events/event-types';
import { paymentOwner } from './payment-owner-rules';
import { sourcesOf } from './payment-state-rules';

/** What is known of a payment's end, verified, from whoever told: a callback, a charge, a query, a test endpoint. */
export interface PaymentOutcome {
  reference: string;
  /** Who told: a payment method, or `test`. Part of the inbox's unique key. */
  provider: string;
  outcome: 'success' | 'failed';
  paidAmount: number;
  transactionId: string | null;
  paidAt: Date | null;
  failureReason: string | null;
  /** The provider will never accept this card again (D23). */
  isHardDecline?: boolean;
  payload: Readonly<Record<string, unknown>>;
}

export interface RecordedOutcome {
  paymentId: number;
  orderId: number | null;
  subscriptionId: number | null;
  /** The entry made in the inbox, for {@link markSignalled}; null for a repeat of something known. */
  inboxId: number | null;
}

const Row = z.object({
  payment_id: dbInteger,
  order_id: dbInteger.nullable(),
  subscription_id: dbInteger.nullable(),
  invoice_id: dbInteger,
  amount: dbInteger,
  currency: z.string(),
  received_id: dbInteger.nullable(),
  new_status: z.string().nullable(),
});

/**
 * The payment inbox (D5): in one transaction the outcome is entered once per (provider, reference, outcome) and the
 * payment is moved by a conditional update. A success counts on an open, failed or superseded payment; on a cancelled one
 * it is money to give back; a failure counts only while the payment is open. A success after a failure that was taken in
 * has to be taken in as well. The owner is signalled after the commit.
 * @param isOwnerTold the owner waits for the caller, and needs no signal
 * @returns null when no payment of this company has the reference
 */
export async function recordOutcome(
  tx: TenantSql,
  outcome: PaymentOutcome,
  now: Date,
  isOwnerTold = false,
): Promise<RecordedOutcome | null> {
  const isSuccess = outcome.outcome === 'success';
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      WITH payment AS (
        SELECT p.id, p.order_id, p.subscription_id, p.invoice_id, p.status, p.amount, p.currency FROM finance.payments p
         WHERE p.company_id = ${tx.companyId}::bigint AND p.reference = ${outcome.reference} FOR UPDATE
      ),
      received AS (
        INSERT INTO finance.provider_events (company_id, provider, reference, outcome, payload, received_at, signalled_at)
        SELECT ${tx.companyId}::bigint, ${outcome.provider}, ${outcome.reference}, ${outcome.outcome}, ${JSON.stringify(outcome.payload)}::jsonb,
               ${now}::timestamptz, ${isOwnerTold ? now : null}::timestamptz
          FROM payment
        ON CONFLICT (provider, reference, outcome) DO NOTHING
        RETURNING id
      ),
      moved AS (
        UPDATE finance.payments p
           SET status = CASE WHEN NOT ${isSuccess} THEN 'failed' WHEN p.status = 'cancelled' THEN 'refund_due' ELSE 'success' END,
               paid_amount = CASE WHEN ${isSuccess} THEN ${outcome.paidAmount}::bigint ELSE p.paid_amount END,
               paid_at = CASE WHEN ${isSuccess} THEN coalesce(${outcome.paidAt}::timestamptz, ${now}::timestamptz) END,
               transaction_id = coalesce(${outcome.transactionId}, p.transaction_id),
               failure_reason = CASE WHEN ${isSuccess} THEN NULL ELSE ${outcome.failureReason} END,
               is_hard_decline = ${!isSuccess && outcome.isHardDecline === true},
               settled_at = CASE WHEN ${isSuccess} AND p.status = 'failed' THEN NULL ELSE p.settled_at END,
               updated_at = ${now}::timestamptz
          FROM payment, received
         WHERE p.company_id = ${tx.companyId}::bigint AND p.id = payment.id
           AND p.status = ANY (${isSuccess ? [...sourcesOf('success'), 'cancelled'] : sourcesOf('failed')}::text[])
        RETURNING p.status
      )
      SELECT payment.id AS payment_id, payment.order_id, payment.subscription_id, payment.invoice_id, payment.amount, payment.currency,
             (SELECT received.id FROM received) AS received_id, (SELECT moved.status FROM moved) AS new_status
        FROM payment`,
  );

  if (row === undefined) {
    return null;
  }

  const subject = paymentOwner({ orderId: row.order_id, subscriptionId: row.subscription_id });

  if (row.new_status !== null && subject !== null) {
    const ids = {
      paymentId: row.payment_id,
      ...(row.order_id === null ? { subscriptionId: row.subscription_id } : { orderId: row.order_id }),
      invoiceId: row.invoice_id,
    };
    const event: DomainEvent = isSuccess
      ? {
          type: 'payment.success',
          payload: {
            ...ids,
            paidAmount: outcome.paidAmount,
            currency: row.currency,
            transactionId: outcome.transactionId,
          },
        }
      : {
          type: 'payment.failed',
          payload: { ...ids, amount: row.amount, currency: row.currency, failureReason: outcome.failureReason },
        };
    const events: DomainEvent[] =
      row.new_status === 'refund_due'
        ? [event, { type: 'payment.refund_due', payload: { paymentId: row.payment_id, reason: 'order_cancelled' } }]
        : [event];
    await appendEvents(tx, { subject, events, now });
  }

  return {
    paymentId: row.payment_id,
    orderId: row.order_id,
    subscriptionId: row.subscription_id,
    inboxId: row.received_id,
  };
}

/**
 * Marks what the inbox holds about a payment as told to its owner.
 * @param input.inboxId the last entry that was there when the owner was told; later ones are still to be told
 */
export async function markSignalled(
  tx: TenantSql,
  input: { paymentId: number; inboxId: number; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`UPDATE finance.provider_events e SET signalled_at = ${input.now}::timestamptz FROM finance.payments p
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${input.paymentId}::bigint AND e.company_id = p.company_id
                  AND e.reference = p.reference AND e.id <= ${input.inboxId}::bigint AND e.signalled_at IS NULL`);
}
