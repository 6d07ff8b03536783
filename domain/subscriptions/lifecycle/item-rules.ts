import type { TaxBehavior } from '../../money/tax-behavior-types';
import type { BilledLevel, BilledStretch } from './decision-types';
import {
  type AddonInPeriod,
  type AddonItem,
  type AddonKey,
  type AgreedTerms,
  type IssueLine,
  type ItemInPeriod,
  type ItemKey,
  planItem,
  type PlanInPeriod,
  type PlanItem,
  type Subscription,
  type SubscriptionItem,
} from './subscription-types';

/** The items of a subscription. */

export function planOf({ items }: Subscription): PlanItem {
  return items[0];
}

/** Those that were bought and have not ended, in the order of their purchase. */
export function addonsOf({ items: [, ...addons] }: Subscription): AddonItem[] {
  return addons;
}

export function itemOf({ items }: Subscription, wanted: ItemKey): SubscriptionItem | undefined {
  return items.find(({ key }) => key === wanted);
}

export function isAddonKey(key: ItemKey): key is AddonKey {
  return key !== planItem;
}

/** The subscription with other fields in the item of this key. */
export function withItem(
  state: Subscription,
  key: ItemKey,
  fields: Partial<PlanItem> | Partial<AddonItem>,
): Subscription {
  const changed = <Item extends SubscriptionItem>(item: Item): Item =>
    item.key === key ? { ...item, ...fields } : item;
  const [plan, ...others] = state.items;

  return { ...state, items: [changed(plan), ...others.map(changed)] };
}

/** Whether it has periods, and one of them is running. */
export function isInPeriod(item: PlanItem): item is PlanInPeriod;
export function isInPeriod(item: AddonItem): item is AddonInPeriod;
export function isInPeriod(item: SubscriptionItem): item is ItemInPeriod;
export function isInPeriod({ schedule, period, terms }: SubscriptionItem): boolean {
  return schedule !== null && period !== null && terms.billingCycle !== null;
}

/** All seats for a whole period: minor units. */
export function priceOf({ terms, quantity }: { terms: { amount: number }; quantity: number }): number {
  return terms.amount * quantity;
}

/** What costs nothing and meters nothing has no periods; a price of 0 with metered usage is paid as it is used. */
export function isFree({ terms }: { terms: Pick<AgreedTerms, 'amount' | 'meters'> }): boolean {
  return terms.amount === 0 && !isMeteredBy(terms);
}

/** Whether its price holds the tax. */
export function taxBehaviorOf({ terms }: { terms: Pick<AgreedTerms, 'taxBehavior'> }): TaxBehavior {
  return terms.taxBehavior ?? 'exclusive';
}

/** As terms hold it: what is not there is exclusive. */
export function ifInclusive(taxBehavior: TaxBehavior | undefined): { taxBehavior?: TaxBehavior } {
  return taxBehavior === 'inclusive' ? { taxBehavior } : {};
}

export function isMeteredBy({ meters = [] }: Pick<AgreedTerms, 'meters'>): boolean {
  return meters.length > 0;
}

/** Whether it is a top-up whose units can be drawn on. */
export function holdsUnits(item: SubscriptionItem): item is AddonItem {
  return item.key !== planItem && item.status === 'active' && item.terms.prepaid !== undefined;
}

/** As documents call it. */
export function nameOf({ terms }: Pick<SubscriptionItem, 'terms'>): string {
  return 'planName' in terms ? terms.planName : terms.addonName;
}

/** As lines of documents call what they bill. */
export function lineNameOf({ terms, isSetup }: Pick<IssueLine, 'terms' | 'isSetup'>): string {
  return isSetup === true ? `${nameOf({ terms })} (setup fee)` : nameOf({ terms });
}

/** What it begins with, once, whatever its quantity; minor units, 0 where there is none. */
export function setupFeeOf({ terms }: Pick<SubscriptionItem, 'terms'>): number {
  return 'setupFee' in terms ? (terms.setupFee ?? 0) : 0;
}

/** What is bought for good, or begins with a fee, is billed for an instant: it has no days that could be counted. */
export function isForInstant({ terms, isSetup }: Pick<IssueLine, 'terms' | 'isSetup'>): boolean {
  return isSetup === true || terms.billingCycle === null;
}

/** What the guard holds a line's service as (D22): a setup fee is none of its item's, and billed for itself. */
export function guardedItemOf({ item, isSetup }: Pick<IssueLine, 'item' | 'isSetup'>): string {
  return isSetup === true ? `${item}/setup` : item;
}

/** What is billed of an item at an instant: the guard's layers over it, and their prices together (D22). */
export function billedLevelAt(ranges: readonly BilledStretch[], at: number): BilledLevel {
  const over = ranges.filter(({ range }) => range.startsAt <= at && at < range.endsAt);

  return {
    price: over.reduce((sum, { price }) => sum + price, 0),
    layers: over.reduce((most, { layer }) => Math.max(most, layer + 1), 0),
  };
}

/** Whether two terms are of the same plan, or of the same add-on. */
export function areOfSame(one: SubscriptionItem['terms'], other: SubscriptionItem['terms']): boolean {
  return 'planId' in one
    ? 'planId' in other && one.planId === other.planId
    : 'addonId' in other && one.addonId === other.addonId;
}

export function areSameTerms(one: SubscriptionItem['terms'], other: SubscriptionItem['terms']): boolean {
  return (
    areOfSame(one, other) &&
    one.amount === other.amount &&
    one.billingCycle === other.billingCycle &&
    taxBehaviorOf({ terms: one }) === taxBehaviorOf({ terms: other }) &&
    areMeteredAlike(one, other)
  );
}

/** Whether usage costs the same of both. */
export function areMeteredAlike(one: Pick<AgreedTerms, 'meters'>, other: Pick<AgreedTerms, 'meters'>): boolean {
  const prices = ({ meters = [] }: typeof one) => meters.map(({ priceId }) => priceId).join();

  return prices(one) === prices(other);
}

/** Without period, timer and invoice, as a free tier is (D27). */
export const withoutPeriods = { schedule: null, wantedAnchorDay: null, period: null } as const;
