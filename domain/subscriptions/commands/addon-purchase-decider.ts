import { AppError } from '../../errors';
import { addonOf, addonPayload, purchasedAddon, purchaseTold, requireNoTopUps } from '../lifecycle/addon-rules';
import type { Decision, SubscriptionCommand, WantedAddon } from '../lifecycle/decision-types';
import { addonsOf, planOf } from '../lifecycle/item-rules';
import { billedBy, isWhole } from '../charges/pending-item-rules';
import { issueAll } from '../charges/period-billing';
import { beginBought, type BegunAddon, partsOf, payBy } from '../charges/service-start';
import { firstInvoiceOf } from '../lifecycle/subscription-invoice-rules';
import type { AddonItem, ProrationBehavior, Subscription, SubscriptionPolicy } from '../lifecycle/subscription-types';
import { updatedEvent, wrongState } from '../lifecycle/telling-rules';
import { findWaiting, withoutWaiting } from '../lifecycle/waiting-change-rules';

/**
 * Buys add-ons, all on one invoice. They wait for its payment; where the company bills in arrears and there is no setup fee, or
 * they cost nothing, they count at once; so they do where what they cost is put off, or left out for the rest of a period. One that was to be removed goes on instead, and costs nothing now.
 * Of top-ups there may be many.
 * @throws AppError subscription_state, subscription_past_due, currency_mismatch, addon_owned, meter_priced_by_percentage,
 *   prepaid_before_start
 */
export function addAddons(
  state: Subscription,
  { addons, prorationBehavior: behavior }: Extract<SubscriptionCommand, { type: 'add_addons' }>,
  policy: SubscriptionPolicy,
  now: number,
): Decision {
  if (state.status === 'scheduled') {
    return buyForStart(state, addons, now);
  }
  requireSellable(state);
  const kept = addons
    .filter(({ terms }) => terms.prepaid === undefined)
    .flatMap(({ terms }) => waitingForRemoval(state, terms.addonId));
  const goesOn = withoutWaiting(
    state,
    (change) => change.kind === 'remove' && kept.some(({ key }) => key === change.item),
  );
  const isKept = ({ terms }: WantedAddon) => kept.some((item) => item.terms.addonId === terms.addonId);
  const bought = addons
    .filter((wanted) => !isKept(wanted))
    .map((wanted) => begun(goesOn, wanted, { policy, now, behavior }));
  const items = bought.map(({ item }) => item);
  const next: Subscription = { ...goesOn, items: [planOf(goesOn), ...addonsOf(goesOn), ...items] };
  const isWaiting = ({ item }: (typeof bought)[number]) => item.status === 'pending';
  const waiting = items.filter(({ status }) => status === 'pending').map(({ key }) => key);
  const billing =
    waiting.length === 0
      ? []
      : issueAll(next, partsOf(bought.filter(isWaiting)), 'addon', policy, {
          role: 'addons',
          items: waiting,
          payBy: payBy(state, now, policy),
        });
  const unasked = partsOf(bought.filter((one) => !isWaiting(one)));
  const later = billedBy(
    behavior,
    { state: next, effects: issueAll(next, unasked, 'addon', policy) },
    { before: state, policy, now },
  );

  return {
    state: later.state,
    effects: [
      ...(kept.length === 0 ? [] : [updatedEvent(next, ['addons'])]),
      ...purchaseTold(next, items),
      ...items
        .filter(({ status }) => status === 'active')
        .map((item) => ({
          type: 'event' as const,
          name: 'addon.activated' as const,
          payload: addonPayload(next, item),
        })),
      ...billing,
      ...later.effects,
    ],
  };
}

/** Before it begins they are what it begins with: billed with the plan, and by its rules. */
function buyForStart(state: Subscription, addons: readonly WantedAddon[], now: number): Decision {
  requireNoTopUps(addons);
  const items = addons.map((wanted): AddonItem => {
    waitingForRemoval(state, wanted.terms.addonId);

    return { ...purchasedAddon(state, wanted, now), awaitsPlan: true };
  });
  const next: Subscription = { ...state, items: [planOf(state), ...addonsOf(state), ...items] };

  return { state: next, effects: purchaseTold(next, items) };
}

function waitingForRemoval(state: Subscription, addonId: number): AddonItem[] {
  const owned = addonOf(state, addonId);

  if (owned === undefined) {
    return [];
  }

  if (!state.waitingChanges.some((change) => change.kind === 'remove' && change.item === owned.key)) {
    throw new AppError('addon_owned', {
      field: '/addonIds',
      detail: `The subscription has ${owned.terms.addonName} already; change its quantity instead.`,
      params: { addonId },
    });
  }

  return [owned];
}

/** @throws AppError subscription_state, subscription_past_due */
function requireSellable(state: Subscription): void {
  if (state.status === 'past_due') {
    throw new AppError('subscription_past_due', { detail: 'Pay what is due first, then buy add-ons.' });
  }

  if (state.status === 'paused') {
    throw wrongState(state, 'Resume it first.');
  }

  if (findWaiting(state, 'cancel') !== undefined) {
    throw wrongState(state, 'It is cancelled for the end of its period: take that back first.');
  }

  if (firstInvoiceOf(state) !== null) {
    throw wrongState(state, 'Its first invoice is not paid: pay it first.');
  }
}

/** An add-on as it is right after its purchase, and what is billed of it. */
function begun(
  state: Subscription,
  wanted: WantedAddon,
  { policy, now, behavior }: { policy: SubscriptionPolicy; now: number; behavior: ProrationBehavior | undefined },
): BegunAddon {
  const { item, parts: all } = beginBought(state, purchasedAddon(state, wanted, now), now, policy);
  const parts = behavior === 'none' ? all.filter(isWhole) : all;
  const isActive = parts.length === 0 || behavior === 'next_invoice';

  return { item: isActive ? { ...item, status: 'active', activatedAt: now } : item, parts };
}
