import { AppError } from '../../errors';
import { endAddons } from '../lifecycle/addon-decider';
import { addonOf, hasNothingToWaitFor } from '../lifecycle/addon-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withEnd } from '../lifecycle/ending-decider';
import { addonsOf, isFree, isInPeriod, withItem } from '../lifecycle/item-rules';
import { type BilledPart, issueAhead, issueAll, takeBackAhead, usedUntil, wholeOf } from '../lifecycle/period-billing';
import { directionOfChange } from '../lifecycle/plan-change-policy-rules';
import { aheadOf, isInFlight, purchasesOf, withoutInvoice } from '../lifecycle/subscription-invoice-rules';
import type { AddonItem, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { isoOrNull, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { itemKeyOf, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { changedInPeriod, priceTerms } from './change-decider';
import { requireChangeable } from './plan-change-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

/** Add-ons are changed and removed (D27). */

/**
 * Removes an add-on, at once or at the end of its period. Before it is paid for it is removed at once, and the invoice is
 * issued again for what was bought with it.
 * @throws AppError not_found, charge_in_flight, subscription_state
 */
export function removeAddon(
  state: Subscription,
  { addonId, atPeriodEnd }: CommandOf<'remove_addon'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const item = ownedAddon(state, addonId);
  const isEndToWaitFor = isInPeriod(item) && item.status === 'active' && state.status !== 'paused';

  if (atPeriodEnd && isEndToWaitFor) {
    return removeAtPeriodEnd(state, item, policy);
  }

  if (purchasesOf(state).some(({ items, invoiceId }) => items.includes(item.key) && isInFlight(state, invoiceId))) {
    throw new AppError('charge_in_flight', { detail: 'A charge has no answer yet; try again when it has.' });
  }

  return item.status === 'pending' ? removePending(state, item, policy) : removeNow(state, item, policy, now);
}

function removeAtPeriodEnd(state: Subscription, item: AddonItem, policy: SubscriptionPolicy): Decision {
  const { key } = item;

  if (state.waitingChanges.some((change) => change.kind === 'remove' && change.item === key)) {
    return { state, effects: [] };
  }
  const taken = takeBackAhead(state, 'reissue', key);
  const free = withoutWaiting(taken.state, (change) => itemKeyOf(change) === key);
  const next = withWaiting(free, { kind: 'remove', item: key }, { on: 'period_end' });
  const more = { addonId: item.terms.addonId, effectiveAt: isoOrNull(item.period?.endsAt ?? null) };

  return {
    state: next,
    effects: [updatedEvent(next, ['addons'], more), ...taken.effects, ...issuedAgain(state, next, item, policy)],
  };
}

/** What was billed ahead together with an item that is not billed any more. */
function issuedAgain(
  before: Subscription,
  after: Subscription,
  { key }: AddonItem,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const others = aheadOf(before, key).flatMap(({ items }) => items.filter((one) => one !== key));
  const leader = after.items.find((one) => others.includes(one.key));

  return leader === undefined ? [] : issueAhead(after, policy, leader);
}

function removePending(state: Subscription, item: AddonItem, policy: SubscriptionPolicy): Decision {
  const purchase = purchasesOf(state).find(({ items }) => items.includes(item.key));
  const open = state.invoices.find((one) => one.role === 'addons' && one.items.includes(item.key)) ?? null;
  const over = endAddons(open === null ? state : withoutInvoice(state, open.invoiceId), [item.key], {
    status: 'removed',
    at: item.purchasedAt,
    reason: 'before it was paid for',
  });
  const rest = addonsOf(over.state).filter(({ key }) => open?.role === 'addons' && open.items.includes(key));
  const parts = rest.flatMap((one): BilledPart[] =>
    isInPeriod(one) ? [{ item: one, service: one.period, denominator: wholeOf(over.state, one) }] : [onceOf(one)],
  );
  const reissued = issueAll(over.state, parts, 'addon', policy, {
    role: 'addons',
    items: rest.map(({ key }) => key),
    payBy: purchase?.payBy ?? null,
  });

  return {
    state: over.state,
    effects: [
      ...(open === null || open.unpaid === null
        ? []
        : [{ type: 'reverse' as const, invoiceId: open.invoiceId, reason: 'reissue' as const }]),
      ...over.effects,
      ...reissued,
    ],
  };
}

function onceOf(item: AddonItem): BilledPart {
  const service = { startsAt: item.purchasedAt, endsAt: item.purchasedAt + 1 };

  return { item, service, denominator: service };
}

function removeNow(state: Subscription, item: AddonItem, policy: SubscriptionPolicy, now: number): Decision {
  const isRunning = isInPeriod(item) && state.status !== 'paused';
  const isCredited = policy.cancelCredit === 'prorate' && state.billingTiming === 'in_advance' && isInPeriod(item);
  const used =
    state.billingTiming === 'in_arrears' && isRunning
      ? issueAll(state, usedUntil([item], now, state), 'final', policy)
      : [];
  const over = endAddons(state, [item.key], { status: 'removed', at: now, reason: 'on request' });
  const effects: SubscriptionEffect[] = [
    ...over.effects,
    ...(isCredited ? [{ type: 'credit' as const, item: item.key, from: now, reason: 'cancellation' as const }] : []),
    ...used,
    ...issuedAgain(state, over.state, item, policy),
  ];

  if (!hasNothingToWaitFor(over.state)) {
    return { state: over.state, effects };
  }
  const end = withEnd(over.state, 'cancelled', now, 'its last add-on was removed');

  return { state: end.state, effects: [...effects, ...end.effects] };
}

/**
 * Another quantity of an add-on: at once and prorated, or at the end of its period, by the company's policy of plan changes.
 * @throws AppError not_found, no_change, subscription_state, subscription_past_due, charge_in_flight
 */
export function changeAddon(
  state: Subscription,
  { addonId, quantity, immediate, billed }: CommandOf<'change_addon'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const item = ownedAddon(state, addonId);
  const isSame = (change: Subscription['waitingChanges'][number]) =>
    change.kind === 'quantity' && change.item === item.key;

  if (item.quantity === quantity && !state.waitingChanges.some(isSame)) {
    throw new AppError('no_change', { field: '/quantity', detail: 'The add-on has this quantity already.' });
  }

  if (state.status !== 'trial') {
    requireChangeable(state);
  }

  if (item.status === 'pending' || (!isInPeriod(item) && !isFree(item))) {
    throw wrongState(
      state,
      item.status === 'pending'
        ? 'The add-on is not paid for yet.'
        : 'An add-on that is bought once has no other quantity.',
    );
  }
  const taken = takeBackAhead(withoutWaiting(state, isSame), 'reissue', item.key);
  const told = (next: Subscription) => [updatedEvent(next, ['addons'], { addonId, quantity })];

  if (item.quantity === quantity || !isInPeriod(item)) {
    const next = withItem(taken.state, item.key, { quantity });

    return { state: next, effects: [...told(next), ...taken.effects, ...reissuedAhead(state, next, item, policy)] };
  }
  const to = { terms: item.terms, quantity };
  const isAtOnce = immediate ?? policy.change[directionOfChange(priceTerms(item), priceTerms(to))] === 'at_once';

  if (!isAtOnce) {
    const next = withWaiting(taken.state, { kind: 'quantity', item: item.key, quantity }, { on: 'period_end' });

    return { state: next, effects: [...told(next), ...taken.effects, ...reissuedAhead(state, next, item, policy)] };
  }

  const changed = changedInPeriod(state, item, to, { policy, at: now, billed });
  const next = withItem(taken.state, item.key, changed.item);

  return {
    state: next,
    effects: [...told(next), ...taken.effects, ...changed.billing, ...reissuedAhead(state, next, item, policy)],
  };
}

function reissuedAhead(
  before: Subscription,
  after: Subscription,
  { key }: AddonItem,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const item = addonsOf(after).find((one) => one.key === key);

  return aheadOf(before, key).length === 0 || item === undefined ? [] : issueAhead(after, policy, item);
}

/** @throws AppError not_found */
function ownedAddon(state: Subscription, addonId: number): AddonItem {
  const item = addonOf(state, addonId);

  if (item === undefined) {
    throw new AppError('not_found', { field: '/addonId', detail: `The subscription has no add-on ${addonId}.` });
  }

  return item;
}
