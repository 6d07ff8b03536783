import type { BilledLevel, BilledStretch } from './decision-types';
import type { AgreedTerms, ItemInPeriod, ItemKey, Subscription, SubscriptionItem } from './subscription-types';

/** The items of a subscription. */

export function planOf({ items }: Subscription): SubscriptionItem {
  return items[0];
}

/** The subscription with other fields in the item of this key. */
export function withItem(state: Subscription, key: ItemKey, fields: Partial<SubscriptionItem>): Subscription {
  const changed = (item: SubscriptionItem) => (item.key === key ? { ...item, ...fields } : item);
  const [plan, ...others] = state.items;

  return { ...state, items: [changed(plan), ...others.map(changed)] };
}

/** Whether it has periods, and one of them is running. */
export function isInPeriod(item: SubscriptionItem): item is ItemInPeriod {
  return item.schedule !== null && item.period !== null;
}

/** All seats for a whole period: minor units. */
export function priceOf({ terms, quantity }: Pick<SubscriptionItem, 'terms' | 'quantity'>): number {
  return terms.amount * quantity;
}

export function isFree({ terms }: Pick<SubscriptionItem, 'terms'>): boolean {
  return terms.amount === 0;
}

/** What is billed of an item at an instant: the guard's layers over it, and their prices together (D22). */
export function billedLevelAt(ranges: readonly BilledStretch[], at: number): BilledLevel {
  const over = ranges.filter(({ range }) => range.startsAt <= at && at < range.endsAt);

  return {
    price: over.reduce((sum, { price }) => sum + price, 0),
    layers: over.reduce((most, { layer }) => Math.max(most, layer + 1), 0),
  };
}

export function areSameTerms(one: AgreedTerms, other: AgreedTerms): boolean {
  return one.planId === other.planId && one.amount === other.amount;
}

/** Without period, timer and invoice, as a free tier is (D27). */
export const withoutPeriods = { schedule: null, wantedAnchorDay: null, period: null } as const;
