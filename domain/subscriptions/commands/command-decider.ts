import { creditOfDraft } from '../../billing/credit-notes/credit-from';
import { AppError } from '../../errors';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { isChargedByUs } from '../lifecycle/dunning-decider';
import { withEnd, withPause } from '../lifecycle/ending-decider';
import { addonsOf, holdsUnits, isInPeriod, planOf, withItem } from '../lifecycle/item-rules';
import { withDiscountsFollowing } from '../charges/discount-calendar';
import { creditUnused, issueUsed, takeBackAhead } from '../charges/period-billing';
import { isEnded } from '../schedule/subscription-deadline-rules';
import { firstInvoiceOf, hasChargeInFlight, hasPayBy, unpaidInvoices } from '../lifecycle/subscription-invoice-rules';
import {
  planItem,
  type Subscription,
  type SubscriptionItem,
  type SubscriptionPolicy,
} from '../lifecycle/subscription-types';
import { isoOrNull, payloadOf, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { withoutUnused } from '../charges/pending-item-rules';
import {
  findWaiting,
  periodEndOf,
  waitsForCharge,
  withoutWaiting,
  withWaiting,
} from '../lifecycle/waiting-change-rules';
import { changeAddon } from './addon-change-decider';
import { addAddons } from './addon-purchase-decider';
import { removeAddon } from './addon-removal-decider';
import { pauseCollection, requireCollected, resumeCollection } from './collection-decider';
import { setPhases } from './phases-decider';
import { changePlan } from './plan-change-decider';
import { changePrice } from './price-change-decider';
import { applyPromotion, removePromotion } from './promotion-decider';
import { requireAtOnce } from './require-at-once';
import { resume } from './resume-decider';
import { reactivate, takeChangeBack } from './take-back-decider';
import { changeTrial } from './trial-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

/**
 * Carries out what somebody asks of a subscription, or refuses it; a refusal changes nothing.
 * @throws AppError validation_failed, subscription_state, subscription_past_due, charge_in_flight, currency_mismatch, no_change, not_found,
 *   proration_date_expired, proration_unavailable, addon_owned, invalid_date_sequence, collection_paused
 */
export function decideCommand(
  state: Subscription,
  command: SubscriptionCommand,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const decision = decide(state, command, policy, now);
  requireCollected(state, decision);

  return { ...decision, state: withDiscountsFollowing(state, decision.state) };
}

function decide(state: Subscription, command: SubscriptionCommand, policy: SubscriptionPolicy, now: number): Decision {
  if (isEnded(state) && command.type !== 'method_changed') {
    throw wrongState(state, 'It has ended; start a new one.');
  }

  switch (command.type) {
    case 'cancel':
      requireAtOnce(command);

      return cancel(state, command, policy, now);
    case 'pause':
      requireAtOnce(command);

      return pause(state, command, policy, now);
    case 'resume':
      return resume(state, command, policy, now);
    case 'reactivate':
      return tellGoingOn(reactivate(state));
    case 'change_plan':
      return changePlan(state, command, policy, now);
    case 'set_phases':
      return setPhases(state, command, policy);
    case 'change_price':
      return changePrice(state, command, policy, now);
    case 'add_addons':
      return addAddons(state, command, policy, now);
    case 'remove_addon':
      requireAtOnce(command);

      return removeAddon(state, command, policy, now);
    case 'change_addon':
      return changeAddon(state, command, policy, now);
    case 'apply_promotion':
      return applyPromotion(state, command, policy, now);
    case 'remove_promotion':
      return removePromotion(state, command, policy, now);
    case 'cancel_change':
      return takeChangeBack(state, command.changeId);
    case 'set_payment_terms':
      return setPaymentTerms(state, command.daysUntilDue);
    case 'set_usage_threshold':
      return setUsageThreshold(state, command.usageThreshold);
    case 'change_trial':
      return changeTrial(state, command, policy, now);
    case 'pause_collection':
      return pauseCollection(state, command, now);
    case 'resume_collection':
      return resumeCollection(state);
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
  const creditUnused = 'creditUnused' in postponed ? postponed.creditUnused : undefined;
  const free = withoutWaiting(state, waitsForCharge);

  if (isEnded(free) || (kind !== 'cancel' && kind !== 'pause') || (kind === 'pause' && free.status === 'paused')) {
    return { state: free, effects: [] };
  }

  try {
    return decideCommand(free, { type: kind, reason: null, atPeriodEnd: false, creditUnused }, policy, now);
  } catch (error) {
    if (!(error instanceof AppError)) {
      throw error;
    }

    // It was promised to somebody who is no longer there; the history says why it did not happen.
    return { state: free, effects: [{ type: 'history', action: 'rejected', details: `${kind}: ${error.message}` }] };
  }
}

/** For what is issued from now on; what is issued keeps its due date (D8). @throws AppError no_change */
function setPaymentTerms(state: Subscription, daysUntilDue: number | null): Decision {
  if (daysUntilDue === state.daysUntilDue) {
    throw new AppError('no_change', { detail: 'These are its payment terms already.' });
  }

  return {
    state: { ...state, daysUntilDue },
    effects: [updatedEvent(state, ['daysUntilDue'], { daysUntilDue })],
  };
}

/** What is used by now is compared with it at once (look-at-usage.ts). @throws AppError no_change */
function setUsageThreshold(state: Subscription, usageThreshold: number | null): Decision {
  if (usageThreshold === state.usageThreshold) {
    throw new AppError('no_change', { detail: 'This is its usage threshold already.' });
  }

  return {
    state: { ...state, usageThreshold },
    effects: [updatedEvent(state, ['usageThreshold'], { usageThreshold })],
  };
}

function cancel(
  state: Subscription,
  { reason, atPeriodEnd, creditUnused: credit }: CommandOf<'cancel'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const noted: Subscription = { ...state, cancellationReason: reason ?? state.cancellationReason };

  if (atPeriodEnd && hasEndToWaitFor(state)) {
    return cancelAtPeriodEnd(noted, reason, now);
  }

  if (hasChargeInFlight(state)) {
    const free = withoutWaiting(noted, waitsForCharge);

    return { state: withWaiting(free, { kind: 'cancel', creditUnused: credit }, { on: 'charge_answer' }), effects: [] };
  }
  const taken = takeBackAhead(noted, 'cancellation');
  const unused = unusedOf(state, credit ?? policy.cancelCredit, now, 'cancellation');
  const ending = { ...withoutUnused(taken.state, unused), cancelledAt: now };
  const over = withEnd(ending, 'cancelled', now, noted.cancellationReason ?? 'cancelled');

  return {
    state: over.state,
    effects: [...taken.effects, ...unused, ...usedInArrears(state, policy, now), ...over.effects],
  };
}

/** Before anything is paid there is nothing to wait for, unless it is being paid right now. */
function hasEndToWaitFor(state: Subscription): boolean {
  const isPaidFor = firstInvoiceOf(state) === null || hasChargeInFlight(state);

  const isRunning = planOf(state).period !== null || addonsOf(state).some((item) => isPaidForOf(state, item));

  return state.status === 'trial' || (state.status !== 'paused' && isRunning && isPaidFor);
}

/** Whether a period of it runs that is paid for, or will be. */
function isPaidForOf(state: Subscription, item: SubscriptionItem): boolean {
  return isInPeriod(item) && ('status' in item ? item.status === 'active' : state.activatedAt !== null);
}

/**
 * What is billed and not used, where the company credits it (in advance). Before the first payment an end voids what was
 * asked for; a pause credits it, so that what is left of it is asked for.
 */
function unusedOf(
  state: Subscription,
  setting: 'none' | 'prorate',
  from: number,
  reason: 'cancellation' | 'pause',
): SubscriptionEffect[] {
  const isUnused = (item: SubscriptionItem) =>
    isPaidForOf(state, item) || holdsUnits(item) || (reason === 'pause' && item.key === planItem && isInPeriod(item));

  return creditUnused(state, state.items.filter(isUnused), { from, reason }, setting);
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
  { atPeriodEnd, creditUnused: asked }: CommandOf<'pause'>,
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
      : { state: withWaiting(state, { kind: 'pause', creditUnused: asked }, { on: 'charge_answer' }), effects: [] };
  }

  if (firstInvoiceOf(state) !== null && !hasChargeInFlight(state)) {
    throw wrongState(state, 'Its first invoice is not paid: pay it, or cancel.');
  }

  if (atPeriodEnd) {
    return pauseAtPeriodEnd(state);
  }
  const credit = asked ?? policy.pauseCredit;
  const isCredited = credit === 'prorate' && state.billingTiming === 'in_advance';

  // Here, and not where it is credited: it may have waited for a charge.
  if (isCredited && state.drafts.length > 0) {
    throw creditOfDraft();
  }
  // Taken back first, so that an invoice nobody has paid is void, and not paid by the credit of the pause.
  const taken = takeBackAhead(state, 'reissue');
  const unused = unusedOf(state, credit, now, 'pause');
  const paused = withPause(withoutUnused(taken.state, unused), now);
  const isOver = isCredited || state.billingTiming === 'in_arrears';

  return {
    state: isOver
      ? state.items.reduce((seen, { key }) => withItem(seen, key, { period: null }), paused.state)
      : paused.state,
    effects: [...taken.effects, ...unused, ...usedInArrears(state, policy, now), ...paused.effects],
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

/** In arrears nothing is billed for what is used of the period yet; it is when service stops within it. A pause has billed it. */
function usedInArrears(state: Subscription, policy: SubscriptionPolicy, now: number): SubscriptionEffect[] {
  return state.status === 'paused' ? [] : issueUsed(state, state.items, { at: now, purpose: 'final' }, policy);
}

/**
 * A new method is charged at once for what is asked for already (D23): for what dunning is about, also where the one before was
 * refused for good, or the tries have ended and it was left; and for what counts once it is paid, the first invoice and add-ons.
 * What was sent is charged at its due date (tellOverdue).
 */
function retryWithNewMethod(state: Subscription, now: number): Decision {
  const updated = updatedEvent(state, ['paymentMethod', 'collection']);

  if (!isChargedByUs(state)) {
    return { state, effects: [updated] };
  }
  const asked = unpaidInvoices(state).filter(
    (invoice) => invoice.unpaid.isLeft === true || (hasPayBy(invoice) && !isEnded(state)),
  );

  return {
    state: { ...state, dunning: state.dunning.map((run) => ({ ...run, isHard: false, nextAttemptAt: now })) },
    effects: [
      updated,
      ...asked.map(({ invoiceId }) => ({ type: 'collect' as const, invoiceId, attempt: 'retry' as const })),
    ],
  };
}

/** Who takes the end of a subscription back is told that it goes on. */
function tellGoingOn({ state, effects }: Decision): Decision {
  const data = { ...payloadOf(state), currentPeriodEnd: isoOrNull(periodEndOf(state)) };

  return { state, effects: [...effects, { type: 'notice', kind: 'subscription_reactivated', data }] };
}
