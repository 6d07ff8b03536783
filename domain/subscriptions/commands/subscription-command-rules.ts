import { BILLING_PERIODS } from '../../calendar/billing-period-rules';
import { AppError } from '../../errors';
import { hasChargeInFlight } from '../lifecycle/subscription-deadline-rules';
import { restOfPeriod } from '../lifecycle/subscription-period-rules';
import { reissueAhead, takeBackAhead } from '../lifecycle/subscription-ahead-rules';
import { changeAtOnce } from './subscription-change-rules';
import {
  hasRow,
  isEnded,
  isoOf,
  issueFor,
  payloadOf,
  planChangeEffects,
  updatedEvent,
  wholeOf,
  withEnd,
  withPause,
} from '../lifecycle/subscription-rules';
import { directionOfChange } from '../lifecycle/plan-change-policy-rules';
import type {
  Decision,
  Subscription,
  SubscriptionCommand,
  SubscriptionEffect,
  SubscriptionPolicy,
} from '../lifecycle/subscription-types';

/** Which part of a preview's time may have passed until it is confirmed, milliseconds. */
const previewHoldsFor = 10 * 60_000;

/**
 * Carries out what somebody asks of a subscription, or refuses it; a refusal changes nothing.
 * @throws AppError subscription_state, subscription_past_due, charge_in_flight, currency_mismatch, no_change,
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
      return reactivate(state);
    case 'change_plan':
      return changePlan(state, command, policy, now);
    case 'method_changed':
      return retryWithNewMethod(state, now);
  }
}

/** Carries out the command that waited for a charge (D20); null when there is none, or a charge still is in flight. */
export function decidePostponed(state: Subscription, policy: SubscriptionPolicy, now: number): Decision | null {
  const { postponed } = state;

  if (postponed === null || hasChargeInFlight(state)) {
    return null;
  }
  const free = { ...state, postponed: null };

  if (isEnded(free) || (postponed.type === 'pause' && free.status === 'paused')) {
    return { state: free, effects: [] };
  }

  try {
    return decideCommand(free, { ...postponed, atPeriodEnd: false }, policy, now);
  } catch (error) {
    if (!(error instanceof AppError)) {
      throw error;
    }

    // It was promised to somebody who is no longer there; the history says why it did not happen.
    return {
      state: free,
      effects: [{ type: 'history', action: 'rejected', details: `${postponed.type}: ${error.message}` }],
    };
  }
}

function cancel(
  state: Subscription,
  { reason, atPeriodEnd }: Extract<SubscriptionCommand, { type: 'cancel' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const noted: Subscription = { ...state, cancellationReason: reason ?? state.cancellationReason };
  const hasEndToWaitFor = state.status === 'trial' || state.period !== null;

  if (atPeriodEnd && hasEndToWaitFor && state.status !== 'paused') {
    if (state.cancelAtPeriodEnd) {
      return { state: noted, effects: [] };
    }
    const data = { ...payloadOf(state), reason, cancelAtPeriodEnd: true, effectiveAt: effectiveEnd(state) };

    return {
      state: { ...noted, cancelAtPeriodEnd: true, cancelledAt: now, pauseAtPeriodEnd: false, renewalInvoiceId: null },
      effects: [
        ...takeBackAhead(state, 'cancellation'),
        { type: 'event', name: 'subscription.cancelled', payload: data },
        { type: 'history', action: 'cancelled', details: 'at the end of the period' },
        { type: 'notice', kind: 'subscription_cancelled', data },
      ],
    };
  }

  if (hasChargeInFlight(state)) {
    return { state: { ...noted, postponed: { type: 'cancel', reason } }, effects: [] };
  }
  const over = withEnd({ ...noted, cancelledAt: now }, 'cancelled', now, reason ?? 'cancelled');
  const isCredited = policy.cancelCredit === 'prorate' && state.period !== null && state.billingTiming === 'in_advance';

  return {
    state: over.state,
    effects: [
      ...(isCredited ? [{ type: 'credit' as const, from: now, reason: 'cancellation' as const }] : []),
      ...usedInArrears(state, policy, now),
      ...over.effects,
    ],
  };
}

function pause(
  state: Subscription,
  { reason, atPeriodEnd }: Extract<SubscriptionCommand, { type: 'pause' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (state.status === 'paused') {
    return { state, effects: [] };
  }

  if (state.status !== 'active' || state.period === null) {
    throw wrongState(state, 'Only an active, paid subscription can be paused.');
  }

  if (atPeriodEnd) {
    return {
      state: { ...state, pauseAtPeriodEnd: true, cancelAtPeriodEnd: false, renewalInvoiceId: null },
      effects: [updatedEvent(state, ['pauseAtPeriodEnd']), ...takeBackAhead(state, 'reissue')],
    };
  }

  if (hasChargeInFlight(state)) {
    return { state: { ...state, postponed: state.postponed ?? { type: 'pause', reason } }, effects: [] };
  }
  const isCredited = policy.pauseCredit === 'prorate' && state.billingTiming === 'in_advance';
  const paused = withPause(state, now);

  return {
    state: isCredited || state.billingTiming === 'in_arrears' ? { ...paused.state, period: null } : paused.state,
    effects: [
      ...(isCredited ? [{ type: 'credit' as const, from: now, reason: 'pause' as const }] : []),
      ...usedInArrears(state, policy, now),
      ...paused.effects,
    ],
  };
}

/** Goes on in the middle of the period the day lies in; what is not paid for of it yet is billed. */
function resume(state: Subscription, policy: SubscriptionPolicy, now: number): Decision {
  if (state.pauseAtPeriodEnd) {
    const active = { ...state, pauseAtPeriodEnd: false };

    return { state: active, effects: [updatedEvent(state, ['pauseAtPeriodEnd'])] };
  }

  if (state.status !== 'paused' || !hasRow(state)) {
    throw wrongState(state, 'Only a paused subscription can be resumed.');
  }
  const effects: SubscriptionEffect[] = [
    { type: 'event', name: 'subscription.resumed', payload: payloadOf(state) },
    { type: 'history', action: 'status_changed', details: 'resumed' },
    { type: 'notice', kind: 'subscription_resumed', data: payloadOf(state) },
  ];
  const active: Subscription = { ...state, status: 'active', pausedAt: null };

  if (state.period !== null && now < state.period.endsAt) {
    return { state: active, effects };
  }
  const { denominator, ...started } = restOfPeriod(now, state);
  const resumed = { ...active, ...started };

  return {
    state: resumed,
    effects:
      state.billingTiming === 'in_arrears'
        ? effects
        : [...effects, issueFor(resumed, 'resume', started.period, denominator, policy, { role: 'now' })],
  };
}

/** Takes a cancellation for the end of the period back; the renewal's invoice is issued again when its time has come. */
function reactivate(state: Subscription): Decision {
  if (!state.cancelAtPeriodEnd && !state.pauseAtPeriodEnd && state.postponed === null) {
    throw wrongState(state, 'Nothing is to end: there is no cancellation to take back.');
  }
  const data = payloadOf(state);

  return {
    state: {
      ...state,
      cancelAtPeriodEnd: false,
      pauseAtPeriodEnd: false,
      postponed: null,
      cancelledAt: null,
      cancellationReason: null,
    },
    effects: [
      { type: 'event', name: 'subscription.reactivated', payload: data },
      { type: 'history', action: 'status_changed', details: 'reactivated' },
    ],
  };
}

function changePlan(
  state: Subscription,
  command: Extract<SubscriptionCommand, { type: 'change_plan' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const { plan, quantity } = command;
  const at = checkedInstant(command.at, state, now);

  if (plan.currency !== state.currency) {
    throw new AppError('currency_mismatch', {
      field: '/newPlanId',
      detail: `The plan is priced in ${plan.currency}, the subscription in ${state.currency}.`,
    });
  }

  if (plan.planId === state.plan.planId && quantity === state.quantity && plan.amount === state.plan.amount) {
    if (state.scheduled !== null) {
      return {
        state: { ...state, scheduled: null, renewalInvoiceId: null },
        effects: [updatedEvent(state, ['scheduledChange']), ...takeBackAhead(state, 'reissue')],
      };
    }
    throw new AppError('no_change', { field: '/newPlanId', detail: 'The subscription has this plan already.' });
  }

  if (state.status === 'trial') {
    const effects = planChangeEffects(state, plan, quantity);

    return { state: { ...state, plan, quantity }, effects };
  }

  if (state.status === 'past_due') {
    throw new AppError('subscription_past_due', { detail: 'Pay what is due first, then change the plan.' });
  }

  if (state.status !== 'active') {
    throw wrongState(state, 'Resume it first.');
  }

  if (hasChargeInFlight(state)) {
    throw new AppError('charge_in_flight', { detail: 'A charge has no answer yet; try again when it has.' });
  }

  if (state.period === null || isAtOnce(state, command, policy)) {
    return changeAtOnce(state, { plan, quantity }, policy, at);
  }

  return changeAtPeriodEnd(state, { plan, quantity }, policy);
}

/** The next renewal uses the new plan (S228, S230). One that is issued already is taken back and issued again (D18). */
function changeAtPeriodEnd(
  state: Subscription,
  scheduled: NonNullable<Subscription['scheduled']>,
  policy: SubscriptionPolicy,
): Decision {
  const next: Subscription = { ...state, scheduled, renewalInvoiceId: null };
  const change = {
    newPlanId: scheduled.plan.planId,
    newQuantity: scheduled.quantity,
    effectiveAt: effectiveEnd(state),
  };
  const ahead = state.renewalInvoiceId === null ? [] : reissueAhead(state, next, policy);

  return {
    state: next,
    effects: [updatedEvent(state, ['scheduledChange'], change), ...ahead],
  };
}

/** In arrears nothing is billed for what is used of the period yet; it is when service stops within it. */
function usedInArrears(state: Subscription, policy: SubscriptionPolicy, now: number): SubscriptionEffect[] {
  const { period, billingTiming } = state;

  if (billingTiming !== 'in_arrears' || period === null || now <= period.startsAt) {
    return [];
  }
  const used = { startsAt: period.startsAt, endsAt: Math.min(now, period.endsAt) };

  return [issueFor(state, 'final', used, wholeOf(state), policy, { role: 'now' })];
}

/** A card that was refused for good is not charged again, a new one at once (D23). */
function retryWithNewMethod(state: Subscription, now: number): Decision {
  const isCharged = state.hasMethod && state.collection === 'charge_automatically';
  const dunning = state.dunning.map((run) => (isCharged ? { ...run, isHard: false, nextAttemptAt: now } : run));

  return { state: { ...state, dunning }, effects: [updatedEvent(state, ['paymentMethod', 'collection'])] };
}

function isAtOnce(
  state: Subscription,
  { plan, quantity, immediate }: Extract<SubscriptionCommand, { type: 'change_plan' }>,
  { change }: SubscriptionPolicy,
): boolean {
  const terms = (agreed: typeof state.plan, seats: number) => ({
    price: BigInt(agreed.amount),
    quantity: BigInt(seats),
    period: BILLING_PERIODS[agreed.billingCycle],
  });
  const direction = directionOfChange(terms(state.plan, state.quantity), terms(plan, quantity));

  return immediate ?? change[direction] === 'at_once';
}

/** A preview's instant holds for ten minutes, so that what was shown is what is billed. */
function checkedInstant(at: number | null, state: Subscription, now: number): number {
  const isUsable = at === null || (at <= now && at >= now - previewHoldsFor && at >= (state.period?.startsAt ?? at));

  if (!isUsable) {
    throw new AppError('proration_date_expired', {
      field: '/prorationDate',
      detail: `A preview holds for 10 minutes. Preview the change again; now it is ${isoOf(now)}.`,
    });
  }

  return at ?? now;
}

const effectiveEnd = (state: Subscription) => {
  const at = state.status === 'trial' ? state.trialEnd : (state.period?.endsAt ?? null);

  return at === null ? null : isoOf(at);
};

function wrongState(state: Subscription, advice: string): AppError {
  return new AppError('subscription_state', {
    detail: `The subscription is ${state.status}. ${advice}`,
    params: { state: state.status },
  });
}
