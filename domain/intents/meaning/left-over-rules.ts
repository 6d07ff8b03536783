import type { IntentPlan } from '../intent-types';
import { foldWord } from '../words/fold-rules';
import type { Draft } from './draft-types';
import type { Doubt, Place } from './place-rules';

/**
 * “Pro 199k a month and Pro 249k a month”: one plan has one price.
 * @returns which of them has another price than the one before it of the same name, cycle and currency
 */
export function samePlanTwice(plans: readonly IntentPlan[]): number | null {
  const prices = new Map<string, number>();
  const at = plans.findIndex(({ name, billingCycle, currency, price }) => {
    const key = [foldWord(name ?? ''), billingCycle, currency].join('/');
    const before = prices.get(key);
    prices.set(key, price);

    return name !== null && before !== undefined && before !== price;
  });

  return at < 0 ? null : at;
}

/** “The first month”, of which neither a trial nor a promotion is. */
export function idleBeginning(places: readonly Place[], used: ReadonlySet<number>): Doubt[] {
  const idle = places.find(({ item, at }) => item.kind === 'time' && item.time === 'first' && !used.has(at));

  return idle === undefined ? [] : [{ code: 'left_out', span: idle.item }];
}

/** A price that neither an offer nor a promotion has. */
export function idlePrice(
  places: readonly Place[],
  taken: { drafts: readonly Draft[]; used: ReadonlySet<number> },
): Doubt[] {
  const idle = places.find(
    ({ item, at }) =>
      item.kind === 'amount' &&
      !item.amount.isBare &&
      !taken.used.has(at) &&
      !taken.drafts.some(({ amount }) => amount === item),
  );

  return idle === undefined ? [] : [{ code: 'left_out', span: idle.item }];
}
