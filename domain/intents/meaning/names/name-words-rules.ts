import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import type { Concept } from '../lexicon/lexicon';
import type { Place } from '../items/place-rules';

/** What a name may stand behind. */
export type Noun = 'plan' | 'addon';

/** So many words at most a name has. */
export const mostWords = 7;

/** These say something of an offer, or are things of their own. */
const ends: readonly Concept[] = [
  ...(['plan', 'addon', 'named', 'price', 'cycle', 'trial', 'once', 'perSeat', 'all', 'free', 'forEver'] as const),
  ...(['tax', 'taxFree', 'taxIncluded', 'taxExcluded', 'discount', 'code'] as const),
  ...(['retail', 'subscription', 'freemium', 'multi', 'sell', 'polite', 'toward', 'or', 'about', 'until'] as const),
];
/** A plan is told of among other things, so that less may stand in its name. */
const endsOfPlan: readonly Concept[] = [
  ...(['add', 'now', 'from', 'but', 'want', 'not', 'noMore', 'and', 'stopOrUse'] as const),
];
const forWords = /^(cho|dành cho|của|of|on|in|as|per|each|every|theo|we|i|you|get|thì)$/;

export function isWithin(places: readonly Place[], at: number, noun: Noun): boolean {
  const item = places[at]?.item;

  if (item?.kind === 'word' || (item?.kind === 'amount' && isCount(places, at)) || isPerWeek(places, at)) {
    return true;
  }
  if (item?.kind !== 'concept') {
    return false;
  }
  // “Gửi xe qua đêm”
  const isOnTheWay = isText(item, /^(qua|sang)$/) && places[at + 1]?.item.kind === 'word';
  const isEnd = ends.includes(item.concept) && !isText(item, /^nha$/) && !isOnTheWay;

  return !isEnd && (noun === 'addon' || (!endsOfPlan.includes(item.concept) && !isText(item, forWords)));
}

/** A number that counts what stands after it: gói 10 buổi, combo 3 môn. */
function isCount(places: readonly Place[], at: number): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return (
    item?.kind === 'amount' &&
    item.amount.isBare &&
    item.amount.shape === 'whole' &&
    (next?.kind === 'word' || isConcept(next, 'noun')) &&
    places.slice(at + 1, at + mostWords).some((place) => place.item.kind === 'amount')
  );
}

/** Gói 3 buổi/tuần 900k/tháng: how much of it there is. */
function isPerWeek(places: readonly Place[], at: number): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return (
    item?.kind === 'time' &&
    item.time === 'interval' &&
    /^(day|week)$/.test(item.span.unit) &&
    isQuantity(places, at - 1) &&
    next?.kind === 'amount'
  );
}

/** 3 buổi, 30 phút. */
const isQuantity = (places: readonly Place[], at: number): boolean => {
  const [item, before] = [places[at]?.item, places[at - 1]?.item];

  return (item?.kind === 'word' && item.text === 'size') || (before?.kind === 'amount' && before.amount.isBare);
};

/** Gói 1 người, gói 2 người: for how many it is. */
export function isSize(places: readonly Place[], at: number): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return isCount(places, at) || (isText(item, /^(1|một) /) && isPrice(next));
}

/** “Báo cáo dạng add-on”; without its mark it is đang. */
export const isKindWord = (item: Item | undefined): boolean =>
  isText(item, /^đang$/) || (item?.kind === 'word' && item.text === 'dang');

export const isCore = (item: Item): boolean =>
  item.kind === 'word' ||
  isConcept(item, 'otherOrder', 'question', 'later', 'tier', 'knownAddon', 'compound', 'slipOrSize', 'unsold');

/** Little words that lead from a name to its price; others, as do and anh, are things without their marks. */
const links =
  /^(thì|là|mà thôi|thôi|đi|luôn|ngay|này|kia|ấy|đây|thế|cho|của|các|một|mới|theo|với nhau|như|như sau|mức|khoản|loại|kiểu|cách|sẽ|cần|tính|nay|hết|nên|được|phải|a|an|the|of|on|as|by|all|only|just|now|so|well|also|too|we|i|you|it|this|that|our|my|will|each|every|per|new|is|are|has|get|\W+)$/;
/** These may be things behind a word: tủ đồ, tận nhà. */
const things = /^(anh|em|đó|do|giờ|lại|từ|dạ|vậy|nha)$/;

/** What leads from a name to its price. */
export function isTail(places: readonly Place[], at: number): boolean {
  const [item, before] = [places[at]?.item, places[at - 1]?.item];

  if (isConcept(item, 'noun')) {
    // “… cho khách hàng”: whom it is for.
    return isText(before, forWords);
  }
  const isBehindThing =
    before?.kind === 'word' || isConcept(before, 'compound', 'noun') || isConcept(before, 'from', 'filler', 'keep');
  const isThing = isBehindThing && isText(item, things);

  return (
    (isConcept(item, 'filler') && (isText(item, links) || (isText(item, things) && !isThing))) ||
    (isConcept(item, 'price', 'polite', 'sell', 'add', 'but', 'want', 'now') && !isThing) ||
    isText(item, /^(và|with|with a|and|&|\+|có|gồm|bao gồm|including|plus a|as well)$/)
  );
}
