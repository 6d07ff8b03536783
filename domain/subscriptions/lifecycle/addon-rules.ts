import type { AddonRow } from '../../catalogue/addons/addon-row';
import { AppError } from '../../errors';
import type { Decision, SubscriptionEffect, WantedAddon } from './decision-types';
import { addonsOf, areSameTerms, isFree, isInPeriod, planOf, priceOf } from './item-rules';
import { expiryOf } from '../schedule/subscription-deadline-rules';
import { isoOrNull, payloadOfAddon } from './telling-rules';
import type { AddonItem, AddonKey, AddonTerms, Subscription } from './subscription-types';
import { findWaiting } from './waiting-change-rules';

/** Add-ons as they begin to count and end (D27). */

/** Of a top-up, which it may have many of, the one that was bought last. */
export function addonOf(state: Subscription, addonId: number): AddonItem | undefined {
  return addonsOf(state).findLast(({ terms }) => terms.addonId === addonId);
}

export function userAddonIdOf(key: AddonKey): number {
  return Number(key.slice('addon/'.length));
}

/** The cycle of what is sold by such a period; null: bought once, for good. */
export const cycleOfPeriod = (billingPeriod: AddonRow['billingPeriod']): AddonTerms['billingCycle'] =>
  billingPeriod === 'one_time' ? null : billingPeriod;

/** The same back, as catalogue and rows call it. */
export const billingPeriodOf = ({ billingCycle }: AddonTerms) => billingCycle ?? 'one_time';

/** What events tell of an add-on: amounts in minor units. */
export function addonPayload(state: Subscription, item: AddonItem): Record<string, unknown> {
  const { key, terms, quantity, status, period } = item;

  return {
    userAddonId: userAddonIdOf(key),
    subscriptionId: state.id,
    customerId: state.customerId,
    addonId: terms.addonId,
    key: terms.addonKey,
    name: terms.addonName,
    price: terms.amount,
    setupFee: terms.setupFee ?? 0,
    quantity,
    amount: priceOf(item),
    currency: state.currency,
    billingPeriod: billingPeriodOf(terms),
    termPeriods: terms.termPeriods ?? null,
    status,
    currentPeriodStart: isoOrNull(period?.startsAt ?? null),
    currentPeriodEnd: isoOrNull(period?.endsAt ?? null),
    ...(terms.termPeriods === undefined ? {} : { expiresAt: isoOrNull(item.endsAt) }),
    ...(terms.prepaid === undefined ? {} : { prepaid: terms.prepaid, expiresAt: isoOrNull(expiryOf(item)) }),
  };
}

/**
 * An add-on as it is bought, before anything of it is billed.
 * @throws AppError meter_priced_by_percentage
 */
export function purchasedAddon(
  { items }: Pick<Subscription, 'items'>,
  { key, terms, quantity }: WantedAddon,
  at: number,
): AddonItem {
  requirePriceOfUnits(items, terms);

  return {
    key,
    terms,
    quantity,
    schedule: null,
    wantedAnchorDay: null,
    period: null,
    endsAt: null,
    status: 'pending',
    purchasedAt: at,
    activatedAt: null,
  };
}

/** A percentage is of money, which units cannot stand for. */
function requirePriceOfUnits(items: Subscription['items'], { prepaid, addonName }: AddonTerms): void {
  const meters = items.flatMap(({ terms }) => terms.meters ?? []);
  const priced = meters.find(({ meterId, price }) => meterId === prepaid?.meterId && price.model === 'percentage');

  if (priced !== undefined) {
    throw new AppError('meter_priced_by_percentage', {
      field: '/addonIds',
      detail: `The subscription pays a percentage for ${priced.meterName}: ${addonName} could not cover it.`,
    });
  }
}

/** A balance is of what runs: usage of before, and of a trial with its plan, draws on nothing. @throws AppError prepaid_before_start */
export function requireNoTopUps(addons: readonly WantedAddon[]): void {
  const topUp = addons.find(({ terms }) => terms.prepaid !== undefined);

  if (topUp !== undefined) {
    throw new AppError('prepaid_before_start', {
      field: '/addonIds',
      detail: `${topUp.terms.addonName} is bought for a subscription that has begun.`,
    });
  }
}

/** What is told of add-ons that are bought. */
export function purchaseTold(state: Subscription, items: readonly AddonItem[]): SubscriptionEffect[] {
  return items.flatMap((item): SubscriptionEffect[] => [
    { type: 'event', name: 'addon.purchased', payload: addonPayload(state, item) },
    { type: 'history', action: 'addons_changed', details: `${item.terms.addonName} bought` },
  ]);
}

/** Those that were bought with the plan and are not paid for. */
export function awaitingFirstPayment(state: Subscription): AddonItem[] {
  return addonsOf(state).filter(({ status, awaitsPlan }) => status === 'pending' && awaitsPlan === true);
}

/** What they unlock is the customer's from here. */
export function activateAddons(state: Subscription, keys: readonly AddonKey[], at: number): Decision {
  const isMeant = (item: AddonItem) => keys.includes(item.key) && item.status === 'pending';
  const activated = addonsOf(state)
    .filter(isMeant)
    .map(({ awaitsPlan: _awaits, ...item }): AddonItem => ({ ...item, status: 'active', activatedAt: at }));
  const next = addonsOf(state).map((item) => activated.find(({ key }) => key === item.key) ?? item);

  return {
    state: { ...state, items: [planOf(state), ...next] },
    effects: activated.map((item) => ({ type: 'event', name: 'addon.activated', payload: addonPayload(state, item) })),
  };
}

/** Whether it is part of the trial that its plan is in: nothing of it is billed before that ends. */
export function isTried({ status }: { status: string }, { awaitsPlan }: Pick<AddonItem, 'awaitsPlan'>): boolean {
  return awaitsPlan === true && status === 'trial';
}

/** What other prices of add-ons leave behind; nothing where all keep theirs. */
export function addonPriceEffects(before: Subscription, after: Subscription): SubscriptionEffect[] {
  return addonsOf(after).flatMap((item): SubscriptionEffect[] => {
    const old = addonsOf(before).find(({ key }) => key === item.key);

    if (old === undefined || areSameTerms(old.terms, item.terms)) {
      return [];
    }
    const previousAmount = priceOf(old);

    return [
      { type: 'event', name: 'addon.price.changed', payload: { ...addonPayload(after, item), previousAmount } },
      { type: 'history', action: 'addons_changed', details: `${item.terms.addonName}: the price changed` },
      {
        type: 'notice',
        kind: 'price_changed',
        data: { ...payloadOfAddon(after, item), previousAmount },
        of: [item],
      },
    ];
  });
}

/** Whether a free tier that was cancelled for its last add-on's end has come to it. */
export function hasNothingToWaitFor(state: Subscription): boolean {
  const cancelled = findWaiting(state, 'cancel');

  return (
    cancelled?.takesEffect.on === 'period_end' &&
    state.status !== 'trial' &&
    isFree(planOf(state)) &&
    addonsOf(state).every((item) => !isInPeriod(item))
  );
}
