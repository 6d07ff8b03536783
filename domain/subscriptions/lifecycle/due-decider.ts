import type { ChangeOptions } from '../commands/change-decider';
import { priceAtOnce } from '../commands/price-change-decider';
import { addonTermEnded, endAddons, endAtPeriodEnd } from './addon-decider';
import { addonPayload, addonPriceEffects, hasNothingToWaitFor } from './addon-rules';
import { inTurn, prepend } from './decision-rules';
import type { BilledStretch, Decision, SubscriptionEffect } from './decision-types';
import { resumedCollection } from './collection-pause-rules';
import { askAgain, endDunning, tellOverdue, tryAgain } from './dunning-decider';
import { asFreeTier, backToFreeTier, withEnd, withoutAsked, withoutUnpaidStart, withPause } from './ending-decider';
import { holdsUnits, isFree, itemOf, nameOf, planOf, priceOf, withItem, withoutPeriods } from './item-rules';
import { billLateUsage } from '../charges/metering-rules';
import { withDiscountsFollowing } from '../charges/discount-calendar';
import { withoutUnused } from '../charges/pending-item-rules';
import {
  afterBoundary,
  current,
  creditUnused,
  dueTogether,
  goingOnTogether,
  issueAhead,
  issueAll,
  issueUsed,
  periodPart,
  withoutTermChanges,
} from '../charges/period-billing';
import { beginAddonsAlone, beginService } from '../charges/service-start';
import { isPhase, withPeriodCounted } from '../schedule/phase-rules';
import { startScheduled } from './start-decider';
import { type Deadline, type DeadlineOf, dueDeadline, isLastPeriod } from '../schedule/subscription-deadline-rules';
import { aheadOf, withAheadCurrent } from './subscription-invoice-rules';
import {
  type AddonInPeriod,
  type ItemInPeriod,
  planItem,
  type Subscription,
  type SubscriptionPolicy,
} from './subscription-types';
import { isoOf, payloadOf, payloadOfTrial, planChangeEffects, triedIn } from './telling-rules';
import {
  findWaiting,
  isOfTerms,
  itemKeyOf,
  waitingForBoundary,
  withChanges,
  withoutWaiting,
} from './waiting-change-rules';

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
 * @param billed of the item from `now` on whose price holds from now on; null: the price it has
 */
export function decideDue(
  state: Subscription,
  policy: SubscriptionPolicy,
  now: number,
  billed: readonly BilledStretch[] | null = null,
): Decision | null {
  const due = dueDeadline(state, now);

  if (due === null) {
    return null;
  }
  const decision = decideDeadline(state, due, { policy, now, billed });

  return { ...decision, state: withDiscountsFollowing(state, decision.state) };
}

function decideDeadline(
  state: Subscription,
  due: Deadline,
  { policy, now, billed }: { policy: SubscriptionPolicy; now: number; billed: readonly BilledStretch[] | null },
): Decision {
  switch (due.kind) {
    case 'start':
      return startScheduled(state, due.at, policy, now);
    case 'trial_ending':
      return tellTrialEnding(state, due);
    case 'trial_end':
      return endTrial(state, due, policy);
    case 'first_invoice_expiry':
      return giveUpFirst(state, due, now);
    case 'addon_invoice_expiry':
      return giveUpPurchase(state, due);
    case 'collection_resume':
      return resumedCollection(state);
    case 'units_expiry':
      return expireUnits(state, due);
    case 'addon_term_end':
      return endAddonTerm(state, due);
    case 'renewal_invoice':
      return announceRenewal(state, due, policy);
    case 'period_end':
      return endPeriod(state, due, policy);
    case 'price_change':
      return changeAnnouncedPrice(state, due, { policy, at: now, billed });
    case 'term_end':
      return withEnd(state, 'expired', due.at, due.because === 'term' ? termEnded : cancelledForPeriodEnd);
    case 'late_usage':
      return billLateUsage(state, policy, now);
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

/** The notice of another price is over, which was to hold at once then; looked at late, not beyond the period of its item. */
function changeAnnouncedPrice(
  state: Subscription,
  { change }: DeadlineOf<'price_change'>,
  { policy, at, billed }: Omit<ChangeOptions, 'behavior'>,
): Decision {
  return priceAtOnce(
    withoutWaiting(state, ({ id }) => id === change.id),
    change,
    {
      policy,
      at: Math.min(at, itemOf(state, change.item)?.period?.endsAt ?? at),
      behavior: change.prorationBehavior,
      billed,
    },
  );
}

function tellTrialEnding(state: Subscription, { trialEnd }: DeadlineOf<'trial_ending'>): Decision {
  const data = { ...payloadOf(state), trialEnd: isoOf(trialEnd) };
  const agreed = afterTrial(state, trialEnd);

  return {
    state: { ...state, trialEndingTold: true },
    effects: [
      { type: 'event', name: 'subscription.trial.ending', payload: data },
      { type: 'notice', kind: 'trial_ending', data: { ...data, ...payloadOfTrial(agreed) }, of: triedIn(agreed) },
    ],
  };
}

/**
 * What is tried, as it is billed once the trial is over: with the changes that wait for its end. Phases are counted in
 * periods, which begin there.
 */
function afterTrial(state: Subscription, at: number): Subscription {
  const tried = triedIn(state);
  const come = waitingForBoundary(state, at).filter(
    (change) => isOfTerms(change) && !isPhase(change) && tried.some(({ key }) => key === itemKeyOf(change)),
  );

  return tried.reduce(
    (seen, item) => withItem(seen, item.key, withChanges(item, come)),
    withoutWaiting(state, (change) => come.includes(change)),
  );
}

/** The trial is over: the plan is billed from here, its anchor is here, and normal dunning follows (D17, S405). */
export function endTrial(
  state: Subscription,
  { at }: Pick<DeadlineOf<'trial_end'>, 'at'>,
  policy: SubscriptionPolicy,
): Decision {
  if (findWaiting(state, 'cancel') !== undefined) {
    return endWithCredits(state, { at, details: 'the trial ended' }, policy);
  }
  const agreed = afterTrial(state, at);
  const first = planOf(agreed);
  const active: Subscription = { ...agreed, status: 'active' };
  const begun = isFree(first)
    ? beginAddonsAlone({ ...active, activatedAt: at }, at, policy)
    : beginService(active, at, current, policy);
  const data = { ...payloadOf(state), trialEnd: isoOf(at), convertedToActive: true };

  return {
    state: begun.state,
    effects: [
      { type: 'event', name: 'subscription.trial.ended', payload: data },
      { type: 'history', action: 'status_changed', details: 'the trial ended' },
      { type: 'notice', kind: 'trial_ended', data: { ...data, ...payloadOfTrial(agreed) }, of: triedIn(agreed) },
      ...planChangeEffects(state, agreed),
      ...addonPriceEffects(state, agreed),
      ...begun.effects,
    ],
  };
}

/** The end that was waited for: what add-ons are paid for beyond it is credited, where the company credits. */
function endWithCredits(
  state: Subscription,
  { at, details }: { at: number; details: string },
  policy: SubscriptionPolicy,
): Decision {
  const beyond = state.items.filter((item) => holdsUnits(item) || (item.period !== null && item.period.endsAt > at));
  const credits = creditUnused(state, beyond, { from: at, reason: 'cancellation' }, policy.cancelCredit);

  return prepend(credits, withEnd(withoutUnused(state, credits), 'expired', at, details));
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

/** Add-ons were not paid for in time: their invoice is void, and they are over; the plan is not concerned (D27). */
function giveUpPurchase(state: Subscription, { purchase, at }: DeadlineOf<'addon_invoice_expiry'>): Decision {
  const { invoiceId, items } = purchase;

  return inTurn(
    state,
    (open) => withoutAsked(open, (invoice) => invoice.invoiceId === invoiceId, 'void'),
    (open) => endAddons(open, items, { status: 'expired', at, reason: 'not paid' }),
    (open) => endIfNothingRuns(open, at),
  );
}

/** What a top-up holds is over, used or not, and the purchase with it. */
function expireUnits(state: Subscription, { topUp, at }: DeadlineOf<'units_expiry'>): Decision {
  return prepend(
    [{ type: 'expire_units', item: topUp.key, at, payload: addonPayload(state, topUp) }],
    endAddons(state, [topUp.key], { status: 'expired', at, reason: 'its units expired' }),
  );
}

/** The term of an add-on that has no period is over. */
function endAddonTerm(state: Subscription, { item, at }: DeadlineOf<'addon_term_end'>): Decision {
  return inTurn(
    state,
    (open) => endAddons(open, [item.key], { status: 'expired', at, reason: addonTermEnded }),
    (open) => endIfNothingRuns(open, at),
  );
}

/** The boundary: what was to happen at the end of the period happens, or the next period begins (D18), for all that is due at once (D27). */
function endPeriod(state: Subscription, { item, at }: DeadlineOf<'period_end'>, policy: SubscriptionPolicy): Decision {
  const due = dueTogether(state, item);
  const plan = due.find(({ key }) => key === planItem);
  const arrears = issueUsed(state, due, { at, purpose: 'renewal' }, policy);

  if (plan !== undefined && isLastPeriod(state, plan)) {
    const isCancelled = findWaiting(state, 'cancel') !== undefined;
    const details = isCancelled ? cancelledForPeriodEnd : termEnded;

    return prepend(arrears, endWithCredits(state, { at, details }, policy));
  }

  if (plan !== undefined && findWaiting(state, 'pause') !== undefined) {
    const paused = withPause(state, at);

    return { state: paused.state, effects: [...arrears, ...paused.effects] };
  }
  const goingOn = goingOnTogether(state, item);
  const ending = due.filter((one): one is AddonInPeriod => one.key !== planItem && !goingOn.includes(one));
  const next = inTurn(
    state,
    (open) => endAtPeriodEnd(open, ending, at),
    (open) => renew(open, goingOn, policy),
    (open) => endIfNothingRuns(open, at),
  );

  return { state: next.state, effects: [...arrears, ...next.effects] };
}

/** A free tier that was cancelled waits for the end of its last add-on. */
function endIfNothingRuns(state: Subscription, at: number): Decision {
  return hasNothingToWaitFor(state) ? withEnd(state, 'expired', at, cancelledForPeriodEnd) : { state, effects: [] };
}

function renew(state: Subscription, due: readonly ItemInPeriod[], policy: SubscriptionPolicy): Decision {
  const nexts = due.map((before) => ({ before, ...afterBoundary(state, before, policy) }));
  const changed = nexts.reduce(
    (seen, { before, next }) =>
      withItem(
        withoutTermChanges(seen, before, before.period.endsAt),
        next.key,
        next.key !== planItem && isFree(next) ? { ...next, ...withoutPeriods } : next,
      ),
    state,
  );
  const keys = due.map(({ key }) => key);
  const counted = keys.includes(planItem) ? withPeriodCounted(changed) : changed;
  const ahead = aheadOf(state, keys);
  const paid = nexts.filter(({ next }) => !isFree(next));
  const parts = paid.filter(({ next }) => !ahead.some(({ items }) => items.includes(next.key))).map(periodPart);
  const billing: SubscriptionEffect[] =
    state.billingTiming === 'in_arrears'
      ? []
      : [
          ...ahead.map(({ invoiceId }) => ({ type: 'collect' as const, invoiceId, attempt: 'first' as const })),
          ...issueAll(changed, parts, 'renewal', policy),
        ];
  const renewed = paid.map(({ next }) => next);
  // Credit has paid for it, so no payment tells the customer that it goes on.
  const isPaidAhead = ahead.some(({ unpaid, items }) => unpaid === null && items.includes(planItem));
  const isFreeNow = keys.includes(planItem) && isFree(planOf(changed));

  return {
    state: withAheadCurrent(isFreeNow ? asFreeTier(counted) : counted, keys),
    effects: [
      ...planChangeEffects(state, changed),
      ...addonPriceEffects(state, changed),
      ...renewed.flatMap((item) => renewalTold(changed, item)),
      ...billing,
      ...(isPaidAhead
        ? [
            {
              type: 'notice' as const,
              kind: 'subscription_renewed' as const,
              data: renewalPayload(changed, renewed),
              of: renewed,
            },
          ]
        : []),
    ],
  };
}

function renewalTold(state: Subscription, item: ItemInPeriod): SubscriptionEffect[] {
  const previousPeriodEnd = isoOf(item.period.startsAt);

  return item.key === planItem
    ? [
        { type: 'event', name: 'subscription.renewed', payload: renewalPayload(state, [item]) },
        { type: 'history', action: 'renewed', details: null },
      ]
    : [{ type: 'event', name: 'addon.renewed', payload: { ...addonPayload(state, item), previousPeriodEnd } }];
}

function renewalPayload(state: Subscription, items: readonly ItemInPeriod[]): Record<string, unknown> {
  const startsAt = isoOf(Math.min(...items.map(({ period }) => period.startsAt)));

  return {
    ...payloadOf(state),
    previousPeriodEnd: startsAt,
    currentPeriodStart: startsAt,
    currentPeriodEnd: isoOf(Math.min(...items.map(({ period }) => period.endsAt))),
    amount: items.reduce((sum, item) => sum + priceOf(item), 0),
  };
}

/** The invoice of the next period, ahead of its boundary, and what is told of it (D18). */
function announceRenewal(
  state: Subscription,
  { item }: DeadlineOf<'renewal_invoice'>,
  policy: SubscriptionPolicy,
): Decision {
  const nexts = goingOnTogether(state, item)
    .map((one) => afterBoundary(state, one, policy).next)
    .filter((next) => !isFree(next));
  const plan = nexts.find(({ key }) => key === planItem);
  const told = plan === undefined ? state : withItem(state, planItem, plan);
  const data = {
    ...payloadOf(told),
    // A notice names what it asks money for.
    planName: nexts.map(nameOf).join(', '),
    amount: nexts.reduce((sum, next) => sum + priceOf(next), 0),
    currentPeriodEnd: isoOf(item.period.endsAt),
    nextPeriodEnd: isoOf(Math.min(...nexts.map(({ period }) => period.endsAt))),
  };

  return {
    state,
    effects: [
      ...issueAhead(state, policy, item),
      { type: 'event', name: 'subscription.renewal.upcoming', payload: data },
      { type: 'notice', kind: 'renewal_upcoming', data, of: nexts },
    ],
  };
}
