import { AppError } from '../../errors';
import { otherSchedule, restOfPeriod, serviceOf } from '../lifecycle/billing-schedule-calendar';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { isChargedByUs } from '../lifecycle/dunning-decider';
import { asFreeTier, pastDue, withEnd, withPause } from '../lifecycle/ending-decider';
import { isFree, isInPeriod, planOf, withItem } from '../lifecycle/item-rules';
import { current, issueFor, takeBackAhead, wholeOf, withoutTermChanges } from '../lifecycle/period-billing';
import { isEnded } from '../lifecycle/subscription-deadline-rules';
import { firstInvoiceOf, hasChargeInFlight } from '../lifecycle/subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { isoOrNull, payloadOf, planChangeEffects, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import {
  findWaiting,
  heldToPeriod,
  periodEndOf,
  waitingForPeriodEnd,
  waitsForCharge,
  withChanges,
  withoutWaiting,
  withWaiting,
} from '../lifecycle/waiting-change-rules';
import { changePlan } from './plan-change-decider';
import { reactivate, takeChangeBack } from './take-back-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

/**
 * Carries out what somebody asks of a subscription, or refuses it; a refusal changes nothing.
 * @throws AppError subscription_state, subscription_past_due, charge_in_flight, currency_mismatch, no_change, not_found,
 *   proration_date_expired
 */
export function decideCommand(
  state: Subscription,
  command: SubscriptionCommand,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (isEnded(state) && command.type !== 'method_changed') {
    throw wrongState(state, 'It has ended; start a new one.');
  }

  switch (command.type) {
    case 'cancel':
      return cancel(state, command, policy, now);
    case 'pause':
      return pause(state, command, policy, now);
    case 'resume':
      return resume(state, policy, now);
    case 'reactivate':
      return tellGoingOn(reactivate(state));
    case 'change_plan':
      return changePlan(state, command, policy, now);
    case 'cancel_change':
      return takeChangeBack(state, command.changeId);
    case 'method_changed':
      return retryWithNewMethod(state, now);
  }
}

/** Carries out the command that waited for a charge (D20); null when there is none, or a charge still is in flight. */
export function decidePostponed(state: Subscription, policy: SubscriptionPolicy, now: number): Decision | null {
  const postponed = state.waitingChanges.find(waitsForCharge);

  if (postponed === undefined || hasChargeInFlight(state)) {
    return null;
  }
  const { kind } = postponed;
  const free = withoutWaiting(state, waitsForCharge);

  if (isEnded(free) || (kind !== 'cancel' && kind !== 'pause') || (kind === 'pause' && free.status === 'paused')) {
    return { state: free, effects: [] };
  }

  try {
    return decideCommand(free, { type: kind, reason: null, atPeriodEnd: false }, policy, now);
  } catch (error) {
    if (!(error instanceof AppError)) {
      throw error;
    }

    // It was promised to somebody who is no longer there; the history says why it did not happen.
    return { state: free, effects: [{ type: 'history', action: 'rejected', details: `${kind}: ${error.message}` }] };
  }
}

function cancel(
  state: Subscription,
  { reason, atPeriodEnd }: CommandOf<'cancel'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const noted: Subscription = { ...state, cancellationReason: reason ?? state.cancellationReason };

  if (atPeriodEnd && hasEndToWaitFor(state)) {
    return cancelAtPeriodEnd(noted, reason, now);
  }

  if (hasChargeInFlight(state)) {
    const free = withoutWaiting(noted, waitsForCharge);

    return { state: withWaiting(free, { kind: 'cancel' }, { on: 'charge_answer' }), effects: [] };
  }
  const taken = takeBackAhead(noted, 'cancellation');
  const over = withEnd({ ...taken.state, cancelledAt: now }, 'cancelled', now, noted.cancellationReason ?? 'cancelled');
  const plan = planOf(state);
  const isPaidFor = plan.period !== null && state.activatedAt !== null;
  const isCredited = policy.cancelCredit === 'prorate' && isPaidFor && state.billingTiming === 'in_advance';

  return {
    state: over.state,
    effects: [
      ...taken.effects,
      ...(isCredited ? [{ type: 'credit' as const, item: plan.key, from: now, reason: 'cancellation' as const }] : []),
      ...usedInArrears(state, policy, now),
      ...over.effects,
    ],
  };
}

/** Before anything is paid there is nothing to wait for, unless it is being paid right now. */
function hasEndToWaitFor(state: Subscription): boolean {
  const isPaidFor = firstInvoiceOf(state) === null || hasChargeInFlight(state);

  return state.status === 'trial' || (state.status !== 'paused' && planOf(state).period !== null && isPaidFor);
}

function cancelAtPeriodEnd(noted: Subscription, reason: string | null, now: number): Decision {
  if (findWaiting(noted, 'cancel') !== undefined) {
    return { state: noted, effects: [] };
  }
  const taken = takeBackAhead(noted, 'cancellation');
  const goesOn = withoutWaiting(taken.state, (change) => change.kind === 'pause' && !waitsForCharge(change));
  const cancelled = withWaiting(goesOn, { kind: 'cancel' }, { on: 'period_end' });
  const effectiveAt = isoOrNull(periodEndOf(noted));
  const data = { ...payloadOf(noted), reason, cancelAtPeriodEnd: true, effectiveAt };

  return {
    state: { ...cancelled, cancelledAt: now },
    effects: [
      ...taken.effects,
      { type: 'event', name: 'subscription.cancelled', payload: data },
      { type: 'history', action: 'cancelled', details: 'at the end of the period' },
      { type: 'notice', kind: 'subscription_cancelled', data },
    ],
  };
}

function pause(
  state: Subscription,
  { atPeriodEnd }: CommandOf<'pause'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const plan = planOf(state);

  if (state.status === 'paused') {
    return { state, effects: [] };
  }

  if (state.status !== 'active' || plan.period === null) {
    throw wrongState(state, 'Only an active, paid subscription can be paused.');
  }

  if (hasChargeInFlight(state) && !atPeriodEnd) {
    return state.waitingChanges.some(waitsForCharge)
      ? { state, effects: [] }
      : { state: withWaiting(state, { kind: 'pause' }, { on: 'charge_answer' }), effects: [] };
  }

  if (firstInvoiceOf(state) !== null && !hasChargeInFlight(state)) {
    throw wrongState(state, 'Its first invoice is not paid: pay it, or cancel.');
  }

  if (atPeriodEnd) {
    return pauseAtPeriodEnd(state);
  }
  const isCredited = policy.pauseCredit === 'prorate' && state.billingTiming === 'in_advance';
  // Taken back first, so that an invoice nobody has paid is void, and not paid by the credit of the pause.
  const taken = takeBackAhead(state, 'reissue');
  const paused = withPause(taken.state, now);
  const isOver = isCredited || state.billingTiming === 'in_arrears';

  return {
    state: isOver ? withItem(paused.state, plan.key, { period: null }) : paused.state,
    effects: [
      ...taken.effects,
      ...(isCredited ? [{ type: 'credit' as const, item: plan.key, from: now, reason: 'pause' as const }] : []),
      ...usedInArrears(state, policy, now),
      ...paused.effects,
    ],
  };
}

/** It replaces a cancellation for the same time, of which nothing is left, as after a reactivation. */
function pauseAtPeriodEnd(state: Subscription): Decision {
  const taken = takeBackAhead(state, 'reissue');
  const isCancelled = findWaiting(state, 'cancel') !== undefined;
  const back = isCancelled ? reactivate(taken.state) : { state: taken.state, effects: [] };

  return {
    state: withWaiting(back.state, { kind: 'pause' }, { on: 'period_end' }),
    effects: [...back.effects, updatedEvent(state, ['pauseAtPeriodEnd']), ...taken.effects],
  };
}

/**
 * Goes on in the middle of the period the day lies in, with the changes whose time came meanwhile; what is not paid for of
 * it yet is billed.
 */
function resume(state: Subscription, policy: SubscriptionPolicy, now: number): Decision {
  if (findWaiting(state, 'pause') !== undefined && state.status !== 'paused') {
    const active = withoutWaiting(state, (change) => change.kind === 'pause' && !waitsForCharge(change));

    return { state: active, effects: [updatedEvent(state, ['pauseAtPeriodEnd'])] };
  }
  const plan = planOf(state);

  if (state.status !== 'paused' || plan.schedule === null) {
    throw wrongState(state, 'Only a paused subscription can be resumed.');
  }
  const free: Subscription = { ...state, status: 'active', pausedAt: null };
  // What was not paid before, or during, the pause is still asked for.
  const owing = state.dunning.length > 0 ? pastDue(free) : { state: free, effects: [] };
  const active = owing.state;
  const told: SubscriptionEffect[] = [
    { type: 'event', name: 'subscription.resumed', payload: payloadOf(state) },
    { type: 'history', action: 'status_changed', details: 'resumed' },
    { type: 'notice', kind: 'subscription_resumed', data: payloadOf(state) },
    ...owing.effects,
  ];

  if (plan.period !== null && now < plan.period.endsAt) {
    return { state: heldToPeriod(active), effects: told };
  }
  const due = waitingForPeriodEnd(state).filter(
    ({ takesEffect }) => takesEffect.on === 'instant' && takesEffect.at <= now,
  );
  const changed = withChanges(plan, due);
  const resumed = heldToPeriod(due.length > 0 ? withoutTermChanges(active, plan) : active);
  const withTerms = withItem(resumed, plan.key, changed);
  const effects = [...told, ...planChangeEffects(state, withTerms)];

  if (isFree(changed)) {
    return { state: asFreeTier(withTerms), effects };
  }
  const scheduled = { ...serviceOf(changed, state), ...plan.schedule };
  const { denominator, ...started } =
    changed.terms.billingCycle === plan.terms.billingCycle
      ? restOfPeriod(now, scheduled)
      : otherSchedule(now, scheduled, { ...policy.change, billingTime: policy.billingTime });
  const running = withItem(withTerms, plan.key, started);
  const stretch = { service: started.period, denominator };

  return {
    state: running,
    effects:
      state.billingTiming === 'in_arrears'
        ? effects
        : [...effects, issueFor(running, planOf(running), stretch, { purpose: 'resume', as: current }, policy)],
  };
}

/** In arrears nothing is billed for what is used of the period yet; it is when service stops within it. A pause has billed it. */
function usedInArrears(state: Subscription, policy: SubscriptionPolicy, now: number): SubscriptionEffect[] {
  const plan = planOf(state);

  const isBilled = state.billingTiming === 'in_advance' || state.status === 'paused';

  if (isBilled || !isInPeriod(plan) || now <= plan.period.startsAt) {
    return [];
  }
  const service = { startsAt: plan.period.startsAt, endsAt: Math.min(now, plan.period.endsAt) };
  const stretch = { service, denominator: wholeOf(state, plan) };

  return [issueFor(state, plan, stretch, { purpose: 'final', as: current }, policy)];
}

/** A card that was refused for good is not charged again, a new one at once (D23). */
function retryWithNewMethod(state: Subscription, now: number): Decision {
  const dunning = isChargedByUs(state)
    ? state.dunning.map((run) => ({ ...run, isHard: false, nextAttemptAt: now }))
    : state.dunning;

  return { state: { ...state, dunning }, effects: [updatedEvent(state, ['paymentMethod', 'collection'])] };
}

/** Who takes the end of a subscription back is told that it goes on. */
function tellGoingOn({ state, effects }: Decision): Decision {
  const data = { ...payloadOf(state), currentPeriodEnd: isoOrNull(periodEndOf(state)) };

  return { state, effects: [...effects, { type: 'notice', kind: 'subscription_reactivated', data }] };
}
