import { AppError } from '../../errors';
import { addonOf } from '../lifecycle/addon-rules';
import { prepend } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { isFree, isInPeriod, withItem } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import { issueAhead, takeBackAhead } from '../charges/period-billing';
import { directionOfChange } from '../lifecycle/plan-change-policy-rules';
import { aheadOf } from '../lifecycle/subscription-invoice-rules';
import type { AddonInPeriod, AddonItem, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { changedWithin, type ChangeOptions, countsFromNextPeriod, priceTerms } from './change-decider';
import { requireChangeable } from './plan-change-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

/** Add-ons that somebody has are changed (D27). */

/**
 * Another quantity of an add-on: at once and prorated, or at the end of its period, by the company's policy of plan changes.
 * @throws AppError not_found, no_change, subscription_state, subscription_past_due, charge_in_flight
 */
export function changeAddon(
  state: Subscription,
  { addonId, quantity, immediate, billed, prorationBehavior: behavior }: CommandOf<'change_addon'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const item = ownedAddon(state, addonId);
  const isSame = (change: Subscription['waitingChanges'][number]) =>
    change.kind === 'quantity' && change.item === item.key;

  if (item.quantity === quantity && !state.waitingChanges.some(isSame)) {
    throw new AppError('no_change', { field: '/quantity', detail: 'The add-on has this quantity already.' });
  }

  if (state.status !== 'trial' && state.status !== 'scheduled') {
    requireChangeable(state);
  }

  // Tried with its plan, or waiting for its start.
  const isBilledLater = item.awaitsPlan === true && (state.status === 'trial' || state.status === 'scheduled');

  if (!isBilledLater && (item.status === 'pending' || (!isInPeriod(item) && !isFree(item)))) {
    throw wrongState(
      state,
      item.status === 'pending'
        ? 'The add-on is not paid for yet.'
        : 'An add-on that is bought once has no other quantity.',
    );
  }
  const told = updatedEvent(state, ['addons'], { addonId, quantity });
  const free = withoutWaiting(state, isSame);

  if (item.quantity !== quantity && isInPeriod(item)) {
    const to = { terms: item.terms, quantity };
    const isAtOnce = immediate ?? policy.change[directionOfChange(priceTerms(item), priceTerms(to))] === 'at_once';

    if (isAtOnce && !countsFromNextPeriod(state, item, to, { policy, at: now, behavior })) {
      return prepend([told], changeAddonAtOnce(free, item, to, { policy, at: now, billed, behavior }));
    }
  }
  const taken = takeBackAhead(free, 'reissue', [item.key]);
  const next =
    item.quantity === quantity || !isInPeriod(item)
      ? withItem(taken.state, item.key, { quantity })
      : withWaiting(taken.state, { kind: 'quantity', item: item.key, quantity }, { on: 'period_end' });

  return { state: next, effects: [told, ...taken.effects, ...issuedAgain(state, next, item, policy)] };
}

/**
 * Another quantity or price of an add-on within its period, by the rules of plan changes: what was billed ahead for it is
 * issued again.
 */
export function changeAddonAtOnce(
  state: Subscription,
  before: AddonInPeriod,
  to: Pick<AddonInPeriod, 'terms' | 'quantity'>,
  options: ChangeOptions,
): Decision {
  const { policy, at, behavior } = options;
  const taken = takeBackAhead(state, 'reissue', [before.key]);
  const { item, billing, isProrated } = changedWithin(taken.state, before, to, options);
  const collected = billedBy(
    isProrated ? behavior : undefined,
    { state: withItem(taken.state, before.key, item), effects: billing },
    { before: state, policy, now: at },
  );

  return {
    state: collected.state,
    effects: [...taken.effects, ...collected.effects, ...issuedAgain(state, collected.state, before, policy)],
  };
}

/** What was billed ahead together with an add-on, once more as it is now. */
export function issuedAgain(
  before: Subscription,
  after: Subscription,
  { key, period }: AddonItem,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const together = aheadOf(before, [key]).flatMap(({ items }) => items);
  const leader = after.items.find((one) => together.includes(one.key) && one.period?.endsAt === period?.endsAt);

  return leader === undefined ? [] : issueAhead(after, policy, leader);
}

/** @throws AppError not_found */
export function ownedAddon(state: Subscription, addonId: number): AddonItem {
  const item = addonOf(state, addonId);

  if (item === undefined) {
    throw new AppError('not_found', { field: '/addonId', detail: `The subscription has no add-on ${addonId}.` });
  }

  return item;
}
