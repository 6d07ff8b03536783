import { AppError } from '../../errors';
import { endAddons } from '../lifecycle/addon-decider';
import { addonOf, hasNothingToWaitFor } from '../lifecycle/addon-rules';
import { inTurn } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withEnd, withoutAsked } from '../lifecycle/ending-decider';
import { addonsOf, isFree, isInPeriod, withItem } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import {
  boughtOnce,
  creditUnused,
  issueAhead,
  issueAll,
  issueUsed,
  periodPart,
  takeBackAhead,
  wholeOf,
} from '../charges/period-billing';
import { directionOfChange } from '../lifecycle/plan-change-policy-rules';
import { aheadOf, firstInvoiceOf, isInFlight } from '../lifecycle/subscription-invoice-rules';
import type { AddonItem, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { isoOrNull, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { itemKeyOf, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { changedInPeriod, isFirstReplaceable, priceTerms, reissueFirst } from './change-decider';
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
  command: CommandOf<'remove_addon'>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  const { addonId, atPeriodEnd } = command;
  const item = ownedAddon(state, addonId);
  const isEndToWaitFor = isInPeriod(item) && item.status === 'active' && state.status !== 'paused';

  if (atPeriodEnd && isEndToWaitFor) {
    return removeAtPeriodEnd(state, item, policy);
  }

  if (item.awaitsPlan === true && item.status === 'pending') {
    return removeAwaiting(state, item, command, { policy, now });
  }

  return item.status === 'pending'
    ? removePending(state, item, policy)
    : removeNow(state, item, command, { policy, now });
}

function removeAtPeriodEnd(state: Subscription, item: AddonItem, policy: SubscriptionPolicy): Decision {
  const { key } = item;

  if (state.waitingChanges.some((change) => change.kind === 'remove' && change.item === key)) {
    return { state, effects: [] };
  }
  const taken = takeBackAhead(state, 'reissue', [key]);
  const free = withoutWaiting(taken.state, (change) => itemKeyOf(change) === key);
  const next = withWaiting(free, { kind: 'remove', item: key }, { on: 'period_end' });
  const more = { addonId: item.terms.addonId, effectiveAt: isoOrNull(item.period?.endsAt ?? null) };

  return {
    state: next,
    effects: [updatedEvent(next, ['addons'], more), ...taken.effects, ...issuedAgain(state, next, item, policy)],
  };
}

/** What was billed ahead together with an add-on, once more as it is now. */
function issuedAgain(
  before: Subscription,
  after: Subscription,
  { key, period }: AddonItem,
  policy: SubscriptionPolicy,
): SubscriptionEffect[] {
  const together = aheadOf(before, [key]).flatMap(({ items }) => items);
  const leader = after.items.find((one) => together.includes(one.key) && one.period?.endsAt === period?.endsAt);

  return leader === undefined ? [] : issueAhead(after, policy, leader);
}

/** Before the first payment the first invoice is issued again without it; once the next period is billed, it is credited. */
function removeAwaiting(
  state: Subscription,
  item: AddonItem,
  command: CommandOf<'remove_addon'>,
  { policy, now }: { policy: SubscriptionPolicy; now: number },
): Decision {
  const first = firstInvoiceOf(state);

  if (first !== null && isInFlight(state, first.invoiceId)) {
    throw chargeInFlight();
  }

  if (!isFirstReplaceable(state)) {
    return removeNow(state, item, command, { policy, now });
  }

  return inTurn(
    state,
    (open) => endAddons(open, [item.key], { status: 'removed', at: now, reason: 'before it was paid for' }),
    (open) => reissueFirst(open, policy, now),
  );
}

const chargeInFlight = () =>
  new AppError('charge_in_flight', { detail: 'A charge has no answer yet; try again when it has.' });

function removePending(state: Subscription, item: AddonItem, policy: SubscriptionPolicy): Decision {
  const asked = state.invoices.find((one) => one.role === 'addons' && one.items.includes(item.key));

  if (asked !== undefined && isInFlight(state, asked.invoiceId)) {
    throw chargeInFlight();
  }
  const over = inTurn(
    state,
    (open) => withoutAsked(open, (invoice) => invoice.invoiceId === asked?.invoiceId, 'reissue'),
    (open) =>
      endAddons(open, [item.key], {
        status: 'removed',
        at: item.purchasedAt,
        reason: 'before it was paid for',
      }),
  );

  if (asked?.role !== 'addons') {
    return over;
  }
  const rest = addonsOf(over.state).filter(({ key }) => asked.items.includes(key));
  const parts = rest.map((one) =>
    isInPeriod(one) ? periodPart({ next: one, denominator: wholeOf(over.state, one) }) : boughtOnce(one),
  );
  const again = issueAll(over.state, parts, 'addon', policy, {
    role: 'addons',
    items: rest.map(({ key }) => key),
    payBy: asked.payBy,
  });

  return { state: over.state, effects: [...over.effects, ...again] };
}

function removeNow(
  state: Subscription,
  item: AddonItem,
  { creditUnused: asked, prorationBehavior: behavior }: CommandOf<'remove_addon'>,
  { policy, now }: { policy: SubscriptionPolicy; now: number },
): Decision {
  const credit = behavior === 'none' ? 'none' : (asked ?? policy.cancelCredit);
  const used = state.status === 'paused' ? [] : issueUsed(state, [item], { at: now, purpose: 'final' }, policy);
  const over = endAddons(state, [item.key], { status: 'removed', at: now, reason: 'on request' });
  const billing = [...creditUnused(state, [item], { from: now, reason: 'cancellation' }, credit), ...used];
  const collected = billedBy(
    behavior === 'none' ? undefined : behavior,
    { state: over.state, effects: billing },
    { before: state, policy, now },
  );
  const effects: SubscriptionEffect[] = [
    ...over.effects,
    ...collected.effects,
    ...issuedAgain(state, collected.state, item, policy),
  ];

  if (!hasNothingToWaitFor(collected.state)) {
    return { state: collected.state, effects };
  }
  const end = withEnd(collected.state, 'cancelled', now, 'its last add-on was removed');

  return { state: end.state, effects: [...effects, ...end.effects] };
}

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
  const taken = takeBackAhead(withoutWaiting(state, isSame), 'reissue', [item.key]);

  const changed = (next: Subscription, billing: readonly SubscriptionEffect[] = []): Decision => ({
    state: next,
    effects: [
      updatedEvent(next, ['addons'], { addonId, quantity }),
      ...taken.effects,
      ...billing,
      ...issuedAgain(state, next, item, policy),
    ],
  });

  if (item.quantity === quantity || !isInPeriod(item)) {
    return changed(withItem(taken.state, item.key, { quantity }));
  }
  const to = { terms: item.terms, quantity };
  const isAtOnce = immediate ?? policy.change[directionOfChange(priceTerms(item), priceTerms(to))] === 'at_once';

  if (!isAtOnce) {
    return changed(withWaiting(taken.state, { kind: 'quantity', item: item.key, quantity }, { on: 'period_end' }));
  }
  const { item: next, billing } = changedInPeriod(taken.state, item, to, { policy, at: now, billed, behavior });
  const collected = billedBy(
    behavior,
    { state: withItem(taken.state, item.key, next), effects: billing },
    { before: state, policy, now },
  );

  return changed(collected.state, collected.effects);
}

/** @throws AppError not_found */
function ownedAddon(state: Subscription, addonId: number): AddonItem {
  const item = addonOf(state, addonId);

  if (item === undefined) {
    throw new AppError('not_found', { field: '/addonId', detail: `The subscription has no add-on ${addonId}.` });
  }

  return item;
}
