import { endAddons } from '../lifecycle/addon-decider';
import { hasNothingToWaitFor } from '../lifecycle/addon-rules';
import { inTurn } from '../lifecycle/decision-rules';
import type { Decision, SubscriptionCommand, SubscriptionEffect } from '../lifecycle/decision-types';
import { withEnd, withoutAsked } from '../lifecycle/ending-decider';
import { addonsOf, isInPeriod } from '../lifecycle/item-rules';
import { billedBy } from '../charges/pending-item-rules';
import { creditUnused, issueAll, issueUsed, takeBackAhead } from '../charges/period-billing';
import { awaitedParts } from '../charges/service-start';
import { firstInvoiceOf, isInFlight } from '../lifecycle/subscription-invoice-rules';
import type { AddonItem, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { chargeInFlight, isoOrNull, updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { itemKeyOf, withoutWaiting, withWaiting } from '../lifecycle/waiting-change-rules';
import { issuedAgain, ownedAddon } from './addon-change-decider';
import { isFirstReplaceable, isOwedFor, reissueFirst } from './change-decider';

type CommandOf<Type extends SubscriptionCommand['type']> = Extract<SubscriptionCommand, { type: Type }>;

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
  // A price that was announced waits on: who takes the removal back pays it.
  const free = withoutWaiting(taken.state, (change) => itemKeyOf(change) === key && change.kind !== 'price');
  const next = withWaiting(free, { kind: 'remove', item: key }, { on: 'period_end' });
  const more = { addonId: item.terms.addonId, effectiveAt: isoOrNull(item.period?.endsAt ?? null) };

  return {
    state: next,
    effects: [updatedEvent(next, ['addons'], more), ...taken.effects, ...issuedAgain(state, next, item, policy)],
  };
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

/** Whether an add-on that is not paid for has been had in the past, in periods before the one that it is in. */
function isAddonOwedFor(state: Subscription, item: AddonItem): boolean {
  return isOwedFor(state, item) && item.period !== null && item.period.startsAt < item.purchasedAt;
}

function removePending(state: Subscription, item: AddonItem, policy: SubscriptionPolicy): Decision {
  const asked = state.invoices.find((one) => one.role === 'addons' && one.items.includes(item.key));

  // What is issued again is of the periods that run: those that are over would be billed to nobody.
  if (
    asked?.role === 'addons' &&
    addonsOf(state).some((one) => asked.items.includes(one.key) && isAddonOwedFor(state, one))
  ) {
    throw wrongState(state, 'Its invoice has what is owed since it began: pay it, or cancel.');
  }

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
  const parts = rest.flatMap((one) => awaitedParts(over.state, one, one.period?.startsAt ?? one.purchasedAt));
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
