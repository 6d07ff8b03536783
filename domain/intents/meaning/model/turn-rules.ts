import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import { nextOf } from '../items/near-rules';
import type { Place } from '../items/place-rules';

/** The words that turn a business into another. */
export const isTurn = (item: Item): boolean =>
  item.kind === 'concept' && item.concept === 'toward' && /chuyển|đổi|switch|change|mov|turn/.test(item.text);

export const turnOf = (places: readonly Place[]): Item | undefined =>
  places.find(
    ({ item, at }) =>
      (isTurn(item) || isConcept(item, 'change')) && !isOfPeriod(places, at) && !isTurnDenied(places, at),
  )?.item;

/** “Không chuyển sang thu 99k mỗi tháng”: a price that is not wanted. */
export const isDeniedBefore = (places: readonly Place[], clause: number, start: number): boolean => {
  const own = places.filter((place) => place.clause === clause && place.item.start < start);
  const denied = own.findLastIndex(({ item, at }) => isTurn(item) && isTurnDenied(places, at));

  return denied >= 0 && !own.slice(denied).some(({ item }) => isConcept(item, 'add', 'but', 'keep'));
};

/** “Chưa đổi mô hình, chỉ thêm gói”, “we're not changing the model” */
const isTurnDenied = (places: readonly Place[], at: number): boolean =>
  isConcept(nextOf(places, at, -1)?.item, 'not', 'stopOrUse', 'drop');

/** “Switch from monthly to yearly billing”: how it is paid turns, and not the business. */
const isOfPeriod = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at]?.item, 'toward', 'change') &&
  isConcept(places[at + 1]?.item, 'from') &&
  nextOf(places, at + 1)?.item.kind === 'time';

/**
 * “Bán phần mềm theo năm, 2 triệu một năm”, “phần mềm tính 20k/người/tháng”: it is told how the business sells, and not that
 * something is sold beside what it sells.
 */
export const isSoldAnew = (places: readonly Place[]): boolean =>
  !places.some(({ item, at }) => isConcept(item, 'add') || isKept(item) || isOfPeriod(places, at)) &&
  places.some(
    ({ item, at }) =>
      (isConcept(item, 'sell', 'closeOrPay') ||
        isCharged(places, at) ||
        isDone(places, at) ||
        isBilled(places, at) ||
        isWantedKind(places, at) ||
        isTriedFirst(places, at)) &&
      !isConcept(nextOf(places, at, -1)?.item, 'not', 'stopOrUse', 'drop'),
  );

/** “We sell honey and also …”, with no price for the goods. */
export function isSoldBeside(places: readonly Place[]): boolean {
  const also = places.findIndex(({ item }) => isText(item, /^(also|to also|also sell|also offer)$/));

  return (
    also > 0 &&
    places
      .slice(0, also)
      .some(({ item, at }) => isText(item, /^(sell|selling|bán)$/) && places[at + 1]?.item.kind === 'word') &&
    !places.slice(0, also).some(({ item }) => item.kind === 'amount')
  );
}

/** “Khách lẻ vẫn mua bình thường”; “cờ vua” is vừa without its marks, and a trial is “on both”. */
const isKept = (item: Item): boolean => isConcept(item, 'keep') && !isText(item, /^(vừa|cả|both)$/);

/** “Dùng thử một tháng, sau đó 89k mỗi tháng”, of what has no name. */
const isTriedFirst = (places: readonly Place[], at: number): boolean =>
  isConcept(places[at]?.item, 'trial') && !places.some(({ item }) => isConcept(item, 'plan', 'tier'));

/** “We need subscription plans: …” */
const isWantedKind = (places: readonly Place[], at: number): boolean =>
  (isText(places[at]?.item, /^subscription (plans|packages|tiers)$/) ||
    (isConcept(places[at]?.item, 'subscription') &&
      [places[at - 1], places[at + 1]].some((place) => isConcept(place?.item, 'plan')))) &&
  places.slice(0, at).some(({ item }) => isConcept(item, 'want') || isText(item, /^(i|we) need$/));

/** “Let's do annual plans” */
const isDone = (places: readonly Place[], at: number): boolean =>
  isText(places[at]?.item, /^(do|đó|go)$/) &&
  places.slice(at + 1, at + 3).some(({ item }) => isConcept(item, 'plan') || item.kind === 'time');

/** “Want parents billed $140”, “per seat pricing: $12 per user”: in what a plan is called it is no more than its terms. */
const isBilled = (places: readonly Place[], at: number): boolean =>
  // “We have a gym: Solo is $30 a month”
  isText(places[at]?.item, /^(we are a|we run a|we run|i run a|i run|i own a|we own a|we have a|i have a)$/) ||
  (isText(places[at]?.item, /^billed$/) && places[at + 1]?.item.kind === 'amount') ||
  (isConcept(places[at]?.item, 'perSeat') && !places.some(({ item }) => isConcept(item, 'plan', 'tier')));

/** “Tính 20k”, which is else what one thinks of doing. */
const isCharged = (places: readonly Place[], at: number): boolean =>
  isText(places[at]?.item, /^tính$/) && places[at + 1]?.item.kind === 'amount';

/** “Drop the subscriptions and just sell products”, “bỏ bán lẻ và thu 99k mỗi tháng”: another deed, which is no longer denied. */
export function isDoneInstead(places: readonly Place[], at: number): boolean {
  const [own, next, after] = [places[at]?.clause, places[at + 1]?.item, places[at + 2]?.item];
  const isAlone = isText(next, /^(chỉ|only|just)$/);
  const deed = isAlone ? after : next;
  const isPriced = places.some(({ item, clause }) => clause === own && isPrice(item));

  return (
    deed?.kind === 'concept' &&
    (isAlone || isText(deed, /^(sell|offer|charge|bill|do|go)( |$)/) || (isPriced && isText(deed, /^(bán|thu)( |$)/)))
  );
}
