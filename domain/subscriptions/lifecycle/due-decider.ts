import type { Decision, SubscriptionEffect } from './decision-types';
import { askAgain, endDunning, tellOverdue, tryAgain } from './dunning-decider';
import { asFreeTier, backToFreeTier, withEnd, withoutUnpaidStart, withPause } from './ending-decider';
import { isFree, planOf, priceOf, withItem } from './item-rules';
import {
  afterBoundary,
  beginService,
  current,
  issueAhead,
  issueFor,
  wholeOf,
  withoutTermChanges,
} from './period-billing';
import { type Deadline, type DeadlineOf, dueDeadline, isLastPeriod } from './subscription-deadline-rules';
import { invoiceAheadOf, withAheadCurrent } from './subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from './subscription-types';
import { isoOf, payloadOf, planChangeEffects } from './telling-rules';
import { findWaiting } from './waiting-change-rules';

/**
 * The life of a subscription as a decider: `(state, what has come, now) → (state, effects)`. Pure: the clock, the
 * database and the providers are the caller's. Time is decided on here, commands in `command-decider.ts`, answers of
 * providers in `payment-decider.ts`. Deciders reckon in the account's zone, so workflow code never reaches them (D1).
 */

const termEnded = 'its term ended';
const cancelledForPeriodEnd = 'cancelled for the end of the period';

/**
 * Carries out the earliest deadline that is due at `now`; null when none is. Called until it answers null, so that
 * whatever was missed is made up for in the order in which it was due.
 */
export function decideDue(state: Subscription, policy: SubscriptionPolicy, now: number): Decision | null {
  const due = dueDeadline(state, now);

  return due === null ? null : decideDeadline(state, due, policy, now);
}

function decideDeadline(state: Subscription, due: Deadline, policy: SubscriptionPolicy, now: number): Decision {
  switch (due.kind) {
    case 'trial_ending':
      return tellTrialEnding(state, due);
    case 'trial_end':
      return endTrial(state, due, policy);
    case 'first_invoice_expiry':
      return giveUpFirst(state, due, now);
    case 'renewal_invoice':
      return announceRenewal(state, due, policy);
    case 'period_end':
      return endPeriod(state, due, policy);
    case 'term_end':
      return withEnd(state, 'expired', due.at, due.because === 'term' ? termEnded : cancelledForPeriodEnd);
    case 'dunning_attempt':
      return tryAgain(state, due.run, policy, now);
    case 'dunning_end':
      return endDunning(state, due.run, policy, now);
    case 'invoice_overdue':
      return tellOverdue(state, due.invoiceId, policy, now);
    case 'ask_provider':
      return askAgain(state, due.invoiceId);
  }
}

function tellTrialEnding(state: Subscription, { trialEnd }: DeadlineOf<'trial_ending'>): Decision {
  const data = { ...payloadOf(state), trialEnd: isoOf(trialEnd) };

  return {
    state: { ...state, trialEndingTold: true },
    effects: [
      { type: 'event', name: 'subscription.trial.ending', payload: data },
      { type: 'notice', kind: 'trial_ending', data },
    ],
  };
}

/** The trial is over: the plan is billed from here, its anchor is here, and normal dunning follows (D17, S405). */
function endTrial(state: Subscription, { at }: DeadlineOf<'trial_end'>, policy: SubscriptionPolicy): Decision {
  if (findWaiting(state, 'cancel') !== undefined) {
    return withEnd(state, 'expired', at, 'the trial ended');
  }
  const active: Subscription = { ...state, status: 'active' };
  const begun = isFree(planOf(state))
    ? { state: { ...active, activatedAt: at }, effects: [] }
    : beginService(active, at, current, policy);
  const data = { ...payloadOf(state), trialEnd: isoOf(at), convertedToActive: true };

  return {
    state: begun.state,
    effects: [
      { type: 'event', name: 'subscription.trial.ended', payload: data },
      { type: 'history', action: 'status_changed', details: 'the trial ended' },
      { type: 'notice', kind: 'trial_ended', data },
      ...begun.effects,
    ],
  };
}

/** The first invoice was not paid in time: void, and the subscription is over, or the free tier again, without dunning (D17). */
function giveUpFirst(state: Subscription, { first }: DeadlineOf<'first_invoice_expiry'>, now: number): Decision {
  if (first.fallback === null || findWaiting(state, 'cancel') !== undefined) {
    return withEnd(state, 'expired', now, 'the first invoice was not paid');
  }
  const unpaid = withoutUnpaidStart(state);
  const back = backToFreeTier(unpaid.state, first.fallback);

  return { state: back.state, effects: [...unpaid.effects, ...back.effects] };
}

/** The boundary: what was to happen at the end of the period happens, or the next period begins (D18). */
function endPeriod(state: Subscription, { item, at }: DeadlineOf<'period_end'>, policy: SubscriptionPolicy): Decision {
  const { period } = item;
  const stretch = { service: period, denominator: wholeOf(state, item) };
  const arrears: SubscriptionEffect[] =
    state.billingTiming === 'in_arrears' && period.endsAt > period.startsAt
      ? [issueFor(state, item, stretch, { purpose: 'renewal', as: current }, policy)]
      : [];

  if (isLastPeriod(state, item)) {
    const isCancelled = findWaiting(state, 'cancel') !== undefined;
    const over = withEnd(state, 'expired', at, isCancelled ? cancelledForPeriodEnd : termEnded);

    return { state: over.state, effects: [...arrears, ...over.effects] };
  }

  if (findWaiting(state, 'pause') !== undefined) {
    const paused = withPause(state, at);

    return { state: paused.state, effects: [...arrears, ...paused.effects] };
  }
  const renewed = renew(state, item, policy);

  return { state: renewed.state, effects: [...arrears, ...renewed.effects] };
}

function renew(state: Subscription, item: DeadlineOf<'period_end'>['item'], policy: SubscriptionPolicy): Decision {
  const { next, denominator } = afterBoundary(state, item, policy);
  const changed = withItem(withoutTermChanges(state, item), item.key, next);
  const told = planChangeEffects(state, changed);

  if (isFree(next)) {
    return { state: asFreeTier(changed), effects: told };
  }
  const ahead = invoiceAheadOf(state);
  const payload = {
    ...payloadOf(changed),
    previousPeriodEnd: isoOf(item.period.endsAt),
    currentPeriodStart: isoOf(next.period.startsAt),
    currentPeriodEnd: isoOf(next.period.endsAt),
    amount: priceOf(next),
  };
  const stretch = { service: next.period, denominator };
  const billing: SubscriptionEffect[] =
    state.billingTiming === 'in_arrears'
      ? []
      : ahead !== null
        ? [{ type: 'collect', invoiceId: ahead.invoiceId, attempt: 'first' }]
        : [issueFor(changed, next, stretch, { purpose: 'renewal', as: current }, policy)];
  // Credit has paid for it, so no payment tells the customer that it goes on.
  const isPaidAhead = ahead !== null && ahead.unpaid === null;

  return {
    state: withAheadCurrent(changed),
    effects: [
      ...told,
      { type: 'event', name: 'subscription.renewed', payload },
      { type: 'history', action: 'renewed', details: null },
      ...billing,
      ...(isPaidAhead ? [{ type: 'notice', kind: 'subscription_renewed', data: payload } as const] : []),
    ],
  };
}

/** The invoice of the next period, ahead of its boundary, and what is told of it (D18). */
function announceRenewal(
  state: Subscription,
  { item }: DeadlineOf<'renewal_invoice'>,
  policy: SubscriptionPolicy,
): Decision {
  const { next } = afterBoundary(state, item, policy);
  const data = {
    ...payloadOf(withItem(state, item.key, next)),
    currentPeriodEnd: isoOf(item.period.endsAt),
    nextPeriodEnd: isoOf(next.period.endsAt),
  };

  return {
    state,
    effects: [
      ...issueAhead(state, policy),
      { type: 'event', name: 'subscription.renewal.upcoming', payload: data },
      { type: 'notice', kind: 'renewal_upcoming', data },
    ],
  };
}
