import type { Part } from './intent-parts-rules';
import type { IntentAddon, IntentPlan } from '../../intent-types';
import { foldWord } from '../../words/fold-rules';
import type { Draft, Period } from './draft-types';
import { isConcept, isText } from '../items/item-rules';
import { nextOf } from '../items/near-rules';
import type { Doubt, Place } from '../items/place-rules';

/** What is said a second time: at another price, or as it was. */
export interface Repeated {
  at: number;
  code: 'amount_unclear' | 'said_twice';
}

/** “Pro 199k a month and Pro 249k a month”: one plan has one price; and whoever says it twice may mean another one. */
export const repeatedPlan = (plans: readonly IntentPlan[]): Repeated | null =>
  firstRepeated(
    plans.map(({ name, billingCycle, currency, price }) => ({
      key: [foldWord(name ?? ''), billingCycle, currency, ...(name === null ? [price] : [])].join('/'),
      price,
    })),
  );

/** The same of add-ons. */
export const repeatedAddon = (addons: readonly IntentAddon[]): Repeated | null => firstRepeated(addons);

function firstRepeated(offers: readonly { key: string; price: number }[]): Repeated | null {
  const prices = new Map<string, number>();

  for (const [at, { key, price }] of offers.entries()) {
    const before = prices.get(key);

    if (before !== undefined) {
      return { at, code: before === price ? 'said_twice' : 'amount_unclear' };
    }
    prices.set(key, price);
  }

  return null;
}

/** “The first month”, of which neither a trial nor a promotion is. */
export function idleBeginning(places: readonly Place[], used: ReadonlySet<number>): Doubt[] {
  const idle = places.find(({ item, at }) => item.kind === 'time' && item.time === 'first' && !used.has(at));

  return idle === undefined ? [] : [{ code: 'left_out', span: idle.item }];
}

/** A length of time, as “2 tháng”, that is of no price, trial or promotion. */
export function idleLength(
  places: readonly Place[],
  { drafts, used, idlePeriod }: { drafts: readonly Draft[]; used: ReadonlySet<number>; idlePeriod: Period | null },
): Doubt[] {
  const taken = new Set([
    idlePeriod?.start,
    ...drafts.flatMap(({ period, otherPeriod }) => [period?.start, otherPeriod?.start]),
  ]);
  const idle = places.find(
    ({ item, at }) => item.kind === 'time' && item.time === 'duration' && !used.has(at) && !taken.has(item.start),
  );

  return idle === undefined ? [] : [{ code: 'left_out', span: idle.item }];
}

/**
 * “Học phí 500k/tháng, tiền ăn 300k/tháng”: a second price for the same, of which nobody knows what it is for, unless several are
 * spoken of.
 */
export function unnamedTwice(drafts: readonly Draft[], places: readonly Place[]): Doubt[] {
  const plans = drafts.filter(({ kind, amount }) => kind === 'plan' && amount !== null);
  const second = plans.find((draft, index) => {
    const before = plans[index - 1];
    const isSame = before !== undefined && before.period?.cycle === draft.period?.cycle && draft.period !== null;
    const at = places.findIndex(({ item }) => item === draft.amount);

    const hasNoun = [places[at - 1], places[at + 1]].some((place) => isConcept(place?.item, 'plan'));
    const isBesideAnother = hasNoun && isJoined(places, before, at);

    return (
      isSame &&
      before.name === null &&
      draft.name === null &&
      !isConcept(places[at - 1]?.item, 'and') &&
      !isBesideAnother
    );
  });
  const areSeveral = places.some(({ item }) => isText(item, several));
  const isAsked = plans.some(({ isVague }) => isVague);

  return second === undefined || areSeveral || isAsked ? [] : [{ code: 'plan_or_addon', span: second.amount }];
}

/** “A $9 plan and a $19 plan” */
const isJoined = (places: readonly Place[], before: Draft | undefined, at: number): boolean =>
  places
    .slice(0, at)
    .some(({ item }) => isConcept(item, 'and') && before?.amount != null && item.start >= before.amount.end);

/** 3 mức, các gói, two plans. */
const several = /^(\d+|hai|bon|two|three|four|five|six|các gói|plans|packages|tiers)$/;

/** “2tr/tháng cho mỗi chi nhánh”, “$10 per location”: prices are for a seat, or one for all. */
export function unknownUnit(places: readonly Place[], drafts: readonly Draft[]): Doubt[] {
  const unit = places.find(({ item, at }) => {
    const [before, next] = [places[at - 1]?.item, places[at + 1]?.item];
    const isEach =
      isText(item, /^(\/|per|each|every)$/) ||
      (item.kind === 'word' && item.text === 'moi') ||
      (isText(item, /^mới$/) && isText(before, /^cho$/));
    const isOfPrice = before?.kind === 'amount' || before?.kind === 'time' || isText(before, /^(for|cho|trên)$/);

    return isEach && isOfPrice && (next?.kind === 'word' || isConcept(next, 'shop', 'compound'));
  });
  const isPriced = drafts.some(({ amount }) => amount !== null);
  // “Thêm 1 người 20k”, “mỗi người thêm 20k”: what one more of them costs.
  const more = places.find(({ item, at }) => {
    const isBeside = (step: 1 | -1) => isConcept(nextOf(places, at, step)?.item, 'add');

    return isConcept(item, 'perSeat') && (isBeside(-1) || isBeside(1));
  });

  if (more !== undefined && isPriced) {
    return [{ code: 'unit_not_sold', span: more.item }];
  }

  return unit === undefined || !isPriced ? [] : [{ code: 'unit_not_sold', span: unit.item }];
}

/** “2tr4/năm (200k/tháng)”: what a month of the year comes to, or a second way to pay. */
export function inBrackets(plans: readonly Part<IntentPlan>[], sentence: string): Doubt[] {
  const same = plans.findIndex(({ value, spans }, index) => {
    const before = plans[index - 1]?.value;
    const [yearly, monthly] = before?.billingCycle === 'yearly' ? [before, value] : [value, before];
    const isBracketed = sentence.slice(0, spans['price']?.start).trimEnd().endsWith('(');

    return (
      isBracketed &&
      yearly.billingCycle === 'yearly' &&
      monthly?.billingCycle === 'monthly' &&
      monthly.currency === yearly.currency &&
      Math.abs(yearly.price - 12 * monthly.price) * 100 <= yearly.price
    );
  });

  return same < 0 ? [] : [{ code: 'said_twice', span: plans[same]?.spans['price'] ?? null }];
}

const whatEnds = ['retail', 'shop', 'subscription', 'freemium', 'multi', 'plan', 'trial', 'tax', 'discount'] as const;

/** “Ngừng bán khoá tiếng Pháp”: something is to end that nobody knows, and would go on in silence. */
export function idleEnd(places: readonly Place[]): Doubt[] {
  const idle = places.find(({ item, at, clause }) => {
    const next = places
      .slice(at + 1)
      .find((place) => !isConcept(place.item, 'filler', 'noun', 'sell', 'all', 'polite'));
    const isUnknown = next?.clause === clause && (next.item.kind === 'word' || isConcept(next.item, 'compound'));

    const isKnown = places.some(
      (place) => place.clause === clause && place.at > at && isConcept(place.item, ...whatEnds),
    );

    // “Câu lạc bộ”: bộ is bỏ without its marks.
    const isOtherWord = places[at - 1]?.item.kind === 'word' && isText(item, /^bỏ$/);

    return !isOtherWord && isConcept(item, 'drop') && !isText(item, /^(without|no longer.*)$/) && isUnknown && !isKnown;
  });

  return idle === undefined ? [] : [{ code: 'other_order', span: idle.item }];
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
