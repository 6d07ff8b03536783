import { AppError } from '../../errors';
import type { Decision, SubscriptionCommand } from '../lifecycle/decision-types';
import { areSameTerms, planOf, withItem } from '../lifecycle/item-rules';
import { issueAhead, takeBackAhead } from '../charges/period-billing';
import { directionOfChange } from '../lifecycle/plan-change-policy-rules';
import { hasChargeInFlight, invoiceAheadOf } from '../lifecycle/subscription-invoice-rules';
import {
  planItem,
  type Subscription,
  type SubscriptionPolicy,
  type WaitingChange,
  type WantedChange,
} from '../lifecycle/subscription-types';
import { chargeInFlight, isoOf, planChangeEffects, waitingChanged, wrongState } from '../lifecycle/telling-rules';
import { isOfTerms, itemKeyOf, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import {
  changeAtOnce,
  countsFromNextPeriod,
  type ChangedTerms,
  type ChangeOptions,
  priceTerms,
} from './change-decider';
import { withoutTermsWaiting } from './take-back-decider';

type ChangePlan = Extract<SubscriptionCommand, { type: 'change_plan' }>;

/** Which part of a preview's time may have passed until it is confirmed, milliseconds. */
const previewHoldsFor = 10 * 60_000;

/**
 * Another plan, another number of seats, or both: at once, or for the end of the period. What it says of one of them
 * replaces what waited for the same one; the plan or the number it has takes back what waited. The rest goes on waiting.
 */
export function changePlan(
  state: Subscription,
  command: ChangePlan,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const at = checkedInstant(command.at, state, now);
  const wanted = wantedOf(state, command);
  const isReplaced = (change: WaitingChange) => isNamedBy(command, change, planOf(state).key);

  if (wanted.length === 0) {
    if (state.waitingChanges.some(isReplaced)) {
      return withoutTermsWaiting(state, isReplaced);
    }
    throw new AppError('no_change', { field: '/newPlanId', detail: 'The subscription has this plan already.' });
  }
  const to = changedBy(state, wanted);

  if (state.status === 'trial' || state.status === 'scheduled') {
    const changed = withItem(state, planOf(state).key, to);

    return { state: changed, effects: planChangeEffects(state, changed) };
  }
  requireChangeable(state);
  const options = { policy, at, billed: command.billed, behavior: command.prorationBehavior };
  const isNow = isAtOnce(state, to, command, policy) && !countsFromNextPeriod(state, planOf(state), to, options);

  return planOf(state).period === null || isNow
    ? atOnce(state, to, isReplaced, options)
    : atPeriodEnd(state, wanted, isReplaced, policy);
}

/** What the command asks for that the plan does not have. */
function wantedOf(state: Subscription, { terms, quantity }: ChangePlan): WantedChange[] {
  const plan = planOf(state);
  const wanted: WantedChange[] = [];

  if (terms !== null && !areSameTerms(terms, plan.terms)) {
    wanted.push({ kind: 'plan', item: plan.key, terms });
  }

  if (quantity !== null && quantity !== plan.quantity) {
    wanted.push({ kind: 'quantity', item: plan.key, quantity });
  }

  return wanted;
}

function isNamedBy({ terms, quantity }: ChangePlan, change: WaitingChange, key: string): boolean {
  return (
    itemKeyOf(change) === key &&
    ((change.kind === 'plan' && terms !== null) || (change.kind === 'quantity' && quantity !== null))
  );
}

function changedBy(state: Subscription, wanted: readonly WantedChange[]): ChangedTerms {
  const { terms, quantity } = planOf(state);

  return wanted.reduce(
    (to, change) =>
      change.kind === 'plan'
        ? { ...to, terms: change.terms }
        : change.kind === 'quantity'
          ? { ...to, quantity: change.quantity }
          : to,
    { terms, quantity },
  );
}

/** What helps where nothing can be changed for now. */
const adviceIn: Partial<Record<Subscription['status'], string>> = {
  scheduled: 'This can be changed once it has begun; until then its plan, seats and add-ons can.',
  trial: 'This can be changed once its trial is over.',
  paused: 'Resume it first.',
};

/** @throws AppError subscription_past_due, subscription_state, charge_in_flight */
export function requireChangeable(state: Subscription): void {
  if (state.status === 'past_due') {
    throw new AppError('subscription_past_due', { detail: 'Pay what is due first.' });
  }

  if (state.status !== 'active') {
    throw wrongState(state, adviceIn[state.status] ?? 'Only an active one can be changed.');
  }

  if (hasChargeInFlight(state)) {
    throw chargeInFlight();
  }
}

function atOnce(
  state: Subscription,
  to: ChangedTerms,
  isReplaced: (change: WaitingChange) => boolean,
  options: ChangeOptions,
): Decision {
  const left = withoutWaiting(state, isReplaced);
  const changed = changeAtOnce(left, to, options);
  const isOtherwise =
    changed.state.waitingChanges.filter(isOfTerms).length < state.waitingChanges.filter(isOfTerms).length;

  return isOtherwise
    ? { state: changed.state, effects: [...changed.effects, ...waitingChanged(changed.state)] }
    : changed;
}

/** The next renewal uses the new terms (S228, S230). One that is issued already is taken back and issued again (D18). */
function atPeriodEnd(
  state: Subscription,
  wanted: readonly WantedChange[],
  isReplaced: (change: WaitingChange) => boolean,
  policy: SubscriptionPolicy,
): Decision {
  const taken = takeBackAhead(withoutWaiting(state, isReplaced), 'reissue', [planItem]);
  const next = wanted.reduce((seen, change) => withWaiting(seen, change, { on: 'period_end' }), taken.state);
  const ahead = invoiceAheadOf(state) === null ? [] : issueAhead(next, policy);

  return { state: next, effects: [...waitingChanged(next), ...taken.effects, ...ahead] };
}

function isAtOnce(
  state: Subscription,
  to: ChangedTerms,
  { immediate, includedTaxPpm }: ChangePlan,
  { change }: SubscriptionPolicy,
): boolean {
  const from = { ...priceTerms(planOf(state)), includedTaxPpm: includedTaxPpm?.before };
  const changed = { ...priceTerms(to), includedTaxPpm: includedTaxPpm?.after };

  return immediate ?? change[directionOfChange(from, changed)] === 'at_once';
}

/** A preview's instant holds for ten minutes, so that what was shown is what is billed. */
function checkedInstant(at: number | null, state: Subscription, now: number): number {
  const startsAt = planOf(state).period?.startsAt ?? null;
  const isUsable = at === null || (at <= now && at >= now - previewHoldsFor && (startsAt === null || at >= startsAt));

  if (!isUsable) {
    throw new AppError('proration_date_expired', {
      field: '/prorationDate',
      detail: `A preview holds for 10 minutes. Preview the change again; now it is ${isoOf(now)}.`,
    });
  }

  return at ?? now;
}
