import { afterFailure, withRun } from './subscription-dunning-rules';
import { isEnded, pastDue, payloadOf } from './subscription-rules';
import type { Decision, Subscription, SubscriptionEffect, SubscriptionPolicy } from './subscription-types';

export interface PaymentResult {
  paymentId: number;
  invoiceId: number;
  /** `paid`: nothing is due of the invoice any more. `received`: money came, but it changes nothing here. */
  outcome: 'paid' | 'received' | 'failed';
  /** Of a saved method, by ourselves; a customer who tries by hand and fails starts no dunning. */
  isOffSession: boolean;
  isHardDecline: boolean;
  reason: string | null;
}

/** Takes the definite answer about a payment of this subscription in (S210, S211, D17, D23). */
export function decidePayment(
  state: Subscription,
  result: PaymentResult,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const answered: Subscription = {
    ...state,
    unpaid: state.unpaid.map((one) =>
      one.chargeInFlight === result.paymentId ? { ...one, chargeInFlight: null, askAt: null } : one,
    ),
  };

  switch (result.outcome) {
    case 'paid':
      return afterPaid(answered, result, now);
    case 'received':
      return { state: answered, effects: [] };
    case 'failed':
      return afterFailed(answered, result, policy, now);
  }
}

/** An invoice is settled, by whatever money: its dunning ends, and with the last one the subscription is healed. */
export function afterPaid(state: Subscription, { invoiceId }: Pick<PaymentResult, 'invoiceId'>, now: number): Decision {
  const wasDunned = state.dunning.some((run) => run.invoiceId === invoiceId);
  const isFirst = state.activatedAt === null && !isEnded(state);
  const paid: Subscription = {
    ...state,
    unpaid: state.unpaid.filter((one) => one.invoiceId !== invoiceId),
    dunning: state.dunning.filter((run) => run.invoiceId !== invoiceId),
    firstInvoice: state.firstInvoice?.invoiceId === invoiceId ? null : state.firstInvoice,
    activatedAt: state.activatedAt ?? (isEnded(state) ? null : now),
  };
  const stillOwes = paid.dunning.length > 0 || paid.firstInvoice !== null;
  const isHealed = paid.status === 'past_due' && !stillOwes;
  const effects: SubscriptionEffect[] = [
    ...(wasDunned ? [{ type: 'dunning_closed' as const, invoiceId, status: 'recovered' as const }] : []),
    ...(isFirst
      ? [{ type: 'event' as const, name: 'subscription.activated' as const, payload: payloadOf(state) }]
      : []),
    ...(isHealed
      ? [{ type: 'history' as const, action: 'status_changed' as const, details: 'everything is paid' }]
      : []),
    { type: 'notice', kind: 'payment_received', data: { ...payloadOf(state), invoiceId } },
  ];

  return { state: isHealed ? { ...paid, status: 'active' } : paid, effects };
}

function afterFailed(
  state: Subscription,
  { invoiceId, isOffSession, isHardDecline, reason }: PaymentResult,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (!isOffSession || !state.unpaid.some((one) => one.invoiceId === invoiceId)) {
    return { state, effects: [] };
  }
  const data = { ...payloadOf(state), invoiceId, reason };
  const isUnactivated = state.firstInvoice?.invoiceId === invoiceId;

  if (isUnactivated) {
    const late = pastDue(state);

    return { state: late.state, effects: [{ type: 'notice', kind: 'payment_failed', data }, ...late.effects] };
  }
  const earlier = state.dunning.find((run) => run.invoiceId === invoiceId);
  const run = afterFailure(
    {
      invoiceId,
      firstFailedAt: earlier?.firstFailedAt ?? now,
      attempts: (earlier?.attempts ?? 0) + 1,
      isHard: isHardDecline,
    },
    state,
    policy,
    now,
  );
  const late = pastDue({ ...state, dunning: withRun(state.dunning, run) });
  const nextAttemptAt = run.nextAttemptAt === null ? null : new Date(run.nextAttemptAt).toISOString();

  return {
    state: late.state,
    effects: [
      ...(earlier === undefined
        ? [{ type: 'dunning_attempt' as const, invoiceId, attempt: 1, kind: 'charge' as const }]
        : []),
      { type: 'notice', kind: 'payment_failed', data: { ...data, nextAttemptAt } },
      ...late.effects,
    ],
  };
}
