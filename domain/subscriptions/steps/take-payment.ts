import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { receivePayment } from '../../billing/invoices/receive-payment';
import { AppError } from '../../errors';
import { settlePayment } from '../../payments/move-payments';
import type { LockedSubscription } from '../row/lock-subscription';
import type { Decision } from '../lifecycle/decision-types';
import { decidePayment } from '../lifecycle/payment-decider';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';

const Payment = z.object({
  status: z.string(),
  invoice_id: dbInteger,
  is_off_session: z.boolean(),
  is_hard_decline: z.boolean(),
  failure_reason: z.string().nullable(),
  is_settled: z.boolean(),
});

/**
 * What becomes of a subscription by one of its payments; null when there is nothing to take in, or it was before. Money
 * is entered into its invoice here, in the same transaction; what pays nothing has to go back.
 * @throws AppError not_found when the payment is not the subscription's own
 */
export async function takePayment(
  tx: TenantSql,
  locked: LockedSubscription,
  paymentId: number,
): Promise<{ decision: Decision | null; isRefundDue: boolean }> {
  const { state, policy, now } = locked;
  const [payment] = await tx.query(
    Payment,
    Prisma.sql`SELECT p.status, p.invoice_id, p.payment_method_id IS NOT NULL AS is_off_session, p.is_hard_decline, p.failure_reason,
                      p.settled_at IS NOT NULL AS is_settled
                 FROM finance.payments p
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${paymentId}::bigint AND p.subscription_id = ${state.id}::bigint`,
  );

  if (payment === undefined) {
    throw new AppError('not_found', { detail: `Payment ${paymentId} is not of subscription ${state.id}.` });
  }

  if (payment.is_settled || (payment.status !== 'success' && payment.status !== 'failed')) {
    return { decision: null, isRefundDue: payment.status === 'refund_due' };
  }
  const about = {
    paymentId,
    invoiceId: payment.invoice_id,
    isOffSession: payment.is_off_session,
    isHardDecline: payment.is_hard_decline,
    reason: payment.failure_reason,
  };

  if (payment.status === 'failed') {
    await tx.write(settlePayment(tx.companyId, { paymentId, applied: 0 }, now));

    return {
      decision: decidePayment(state, { ...about, outcome: 'failed' }, policy, now.getTime()),
      isRefundDue: false,
    };
  }
  const received = await receivePayment(tx, { paymentId, subject: subscriptionSubject(state.id), now });

  const outcome = received.kind === 'paid' ? 'paid' : 'received';

  return {
    decision: decidePayment(state, { ...about, outcome }, policy, now.getTime()),
    isRefundDue: received.kind === 'refund_due',
  };
}
