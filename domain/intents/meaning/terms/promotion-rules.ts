import type { IntentPromotion } from '../../intent-types';
import { minorUnits } from '../../words/amount-rules';
import type { TimeSpan } from '../../words/time-words';
import { isConcept, type Item } from '../items/item-rules';
import type { Part } from '../offers/intent-parts-rules';
import { nearest } from '../items/near-rules';
import type { Doubt, Place } from '../items/place-rules';
import { isAudience, isNewcomer } from './promotion-audience-rules';
import { readCodes, unreadCode } from './promotion-code-rules';
import type { Percentage } from './tax-rules';

/** A promotion for a length of time, of which the plans say how many billing periods it is. */
type Promised = Part<IntentPromotion> & { length: TimeSpan | null };

export interface PromotionReading {
  promotions: Promised[];
  doubts: Doubt[];
  used: Set<number>;
}

const spanOf = ({ start, end }: Item) => ({ start, end });
const isDiscount = (item: Item): boolean => isConcept(item, 'discount', 'code');

/** Reads “giảm 20% 3 tháng đầu”, “giảm 50k”, “promo code WELCOME10 for 10% off”. */
export function readPromotions(
  places: readonly Place[],
  { discounts, sentence, currency }: { discounts: readonly Percentage[]; sentence: string; currency: string },
): PromotionReading {
  const used = new Set<number>();
  const doubts: Doubt[] = [];
  const codes = readCodes(places, sentence, used);
  // “Mã 20THANG10” lasts no twenty months.
  const beside = places.map((place): Place =>
    used.has(place.at) ? { ...place, item: { ...spanOf(place.item), kind: 'word', text: 'code' } } : place,
  );
  const amounts = places.filter((place) => isAmountOff(places, place, used));
  const values = [
    ...discounts.map(({ at, value, start, end }) => ({
      at,
      start,
      end,
      percentOff: value,
      amountOff: null,
      currency: null,
    })),
    ...amounts.flatMap(({ item, at }) => {
      const minor = item.kind === 'amount' ? minorUnits(item.amount, currency) : 'unclear';
      used.add(at);

      if (typeof minor === 'string' || minor.value === 0) {
        doubts.push({ code: 'discount_unclear', span: item });

        return [];
      }

      return [
        { at, start: item.start, end: item.end, percentOff: null, amountOff: minor.value, currency: minor.currency },
      ];
    }),
  ].sort((left, right) => left.at - right.at);
  const promotions = values.map(({ at, start, end, ...off }, index): Promised => {
    const code = codes[index] ?? null;
    const length = lengthOf(beside, at, used) ?? (values.length === 1 ? lengthAlone(beside, at, used) : null);

    return {
      value: { code: code?.text ?? null, ...off, periods: null },
      length: length?.item.kind === 'time' ? length.item.span : null,
      spans: {
        [off.percentOff === null ? 'amountOff' : 'percentOff']: { start, end },
        code,
        periods: length?.item ?? null,
      },
    };
  });
  const idle = places.find(
    ({ item, at }) =>
      isDiscount(item) &&
      !used.has(at) &&
      !isConcept(places[at - 1]?.item, 'not', 'drop') &&
      !isConcept(places[at + 1]?.item, 'tax'),
  );

  if (promotions.length === 0 && doubts.length === 0 && idle !== undefined) {
    doubts.push({ code: 'discount_unclear', span: idle.item });
  }

  const limited =
    promotions.length === 0 ? undefined : places.find((place) => isAudience(places, place, codes.length > 0));

  const unread = unreadCode(places, used);

  if (limited !== undefined && (unread === null || !isNewcomer(places, limited))) {
    doubts.push({ code: 'other_order', span: limited.item });
  }

  if (promotions.length > 0 && doubts.length === 0 && unread !== null) {
    doubts.push({ code: 'discount_unclear', span: unread.item });
  }

  return { promotions, doubts, used };
}

/** An amount right after the word for a discount, or right before “off”. */
function isAmountOff(places: readonly Place[], { item, at }: Place, used: ReadonlySet<number>): boolean {
  if (item.kind !== 'amount' || used.has(at)) {
    return false;
  }
  const isNear = (place: Place | undefined) =>
    place !== undefined && isConcept(place.item, 'discount') && !used.has(place.at);
  const [before, beforeThat, after] = [places[at - 1], places[at - 2], places[at + 1]];
  const isAfterWord = isNear(before) || (isConcept(before?.item, 'filler', 'noun', 'price') && isNear(beforeThat));

  return isAfterWord || (isNear(after) && after?.item.kind === 'concept' && after.item.text === 'off');
}

/** For how long: the first months, or a number of them. */
function lengthOf(places: readonly Place[], at: number, used: Set<number>): Place | null {
  const fits = (item: Item) => item.kind === 'time' && (item.time === 'first' || item.time === 'duration');
  // The digits of a code, as of WELCOME20, are no price.
  const spent = new Set(places.filter((place) => used.has(place.at)).map(({ item }) => item));
  const stops = (item: Item) =>
    !spent.has(item) && (item.kind === 'amount' || isConcept(item, 'plan', 'addon', 'trial'));
  const length = nearest(places, at, 1, { fits, stops }) ?? nearest(places, at, -1, { fits, stops });

  if (length !== null) {
    used.add(length.at);
  }

  return length;
}

/** “50 % off, code HALF, first month only”, “giảm 10%, áp dụng 2 tháng”: a length in a clause where nothing else is offered. */
function lengthAlone(places: readonly Place[], at: number, used: Set<number>): Place | null {
  const isTaken = (clause: number) =>
    places.some(
      ({ item, clause: of, at: where }) =>
        of === clause &&
        !used.has(where) &&
        (item.kind === 'amount' || isConcept(item, 'plan', 'addon', 'trial', 'free')),
    );
  const length = places.find(
    (place) =>
      place.at > at &&
      place.item.kind === 'time' &&
      (place.item.time === 'first' || place.item.time === 'duration') &&
      !isTaken(place.clause),
  );

  if (length !== undefined) {
    used.add(length.at);
  }

  return length ?? null;
}

/**
 * Promotions with their lengths in billing periods of the plans beside them; of no plans, in months.
 * @returns the first that comes to no whole number of them as a doubt
 */
export function withPeriods(
  promotions: readonly Promised[],
  plans: readonly { billingCycle: 'monthly' | 'yearly' }[],
): { promotions: Part<IntentPromotion>[]; doubts: Doubt[] } {
  const doubts: Doubt[] = [];
  const [cycle = 'monthly', other] = [...new Set(plans.map(({ billingCycle }) => billingCycle))];

  return {
    promotions: promotions.map(({ length, value, spans }) => {
      const periods = length === null ? null : periodsOf(length, cycle);

      const isOfBoth = length?.unit === 'period';

      if (length !== null && (periods === null || (other !== undefined && !isOfBoth))) {
        doubts.push({ code: 'discount_unclear', span: spans['periods'] ?? null });
      }

      return { value: { ...value, periods }, spans };
    }),
    doubts,
  };
}

function periodsOf({ unit, count }: TimeSpan, cycle: 'monthly' | 'yearly'): number | null {
  if (unit === 'period') {
    return count >= 1 ? count : null;
  }
  const months = unit === 'month' ? count : unit === 'quarter' ? 3 * count : unit === 'year' ? 12 * count : 0;
  const periods = cycle === 'monthly' ? months : months / 12;

  return periods >= 1 && Number.isInteger(periods) ? periods : null;
}
