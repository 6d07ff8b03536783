import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import type { Doubt, Place } from '../items/place-rules';
import type { ReadSoFar } from './read-so-far-types';

/** @returns what a sentence says of a plan that no plan has, and a discount that is bound to a way to pay */
export function unsoldTerms(places: readonly Place[], read: ReadSoFar): Doubt[] {
  const term =
    places.find(({ item, at }) => isConcept(item, 'unsold') && !read.used.has(at)) ??
    places.find((place) => isLimit(places, place, read));
  const paid = places.find((place) => isWayToPay(places, place, read));

  if (term !== undefined) {
    return [{ code: 'term_not_sold', span: spanAround(places, term) }];
  }

  return paid === undefined ? [] : [{ code: 'discount_unclear', span: spanAround(places, paid) }];
}

/** “Tối đa 5 người”, “at least 3 seats”: a number of something that is not sold by such numbers. */
function isLimit(places: readonly Place[], { item, at, clause }: Place, read: ReadSoFar): boolean {
  if (!isConcept(item, 'about') || !isText(item, limits) || read.used.has(at)) {
    return false;
  }
  const own = places.filter((place) => place.clause === clause);
  const isOfFree = own.some((place) => isConcept(place.item, 'free', 'freemium') && place.at < at);
  const isBeforePrice = own.some((place) => place.at > at && isPriceOf(read, place.item));
  const next = places.slice(at + 1).find((place) => !isConcept(place.item, 'filler', 'noun', 'price'))?.item;
  const isCount = next?.kind === 'amount' || (isConcept(next, 'perSeat') && !isText(next, /^(1|một) /));
  const counted = places.findIndex((place) => place.item === next) + 1;
  const isOfThings =
    next?.kind === 'amount' &&
    next.amount.isBare &&
    (places[counted]?.item.kind === 'word' || isConcept(places[counted]?.item, 'noun', 'compound', 'tier'));

  return isCount && !isOfFree && (!isBeforePrice || isOfThings);
}

const limits =
  /^(tối thiểu|tối đa|cho tối đa|ít nhất|nhiều nhất|không quá|dưới|trên|hơn|up to|at least|at most|no more than|less than|more than|under|over|giới hạn|giới hạn ở|limited to|limit of|limit|capped at|cap of|min|minimum|maximum|max)$/;

/** “Đóng năm giảm 20%”: for whom it is taken off. */
function isWayToPay(places: readonly Place[], { item, at, clause }: Place, read: ReadSoFar): boolean {
  if (item.kind !== 'time' || item.time === 'first' || read.used.has(at)) {
    return false;
  }
  const own = places.filter((place) => place.clause === clause);

  return own.some((place) => isConcept(place.item, 'discount')) && !own.some((place) => isPriceOf(read, place.item));
}

const isPriceOf = ({ drafts }: ReadSoFar, item: Item): boolean => drafts.some(({ amount }) => amount === item);

/** A word with all that its clause says behind it. */
function spanAround(places: readonly Place[], from: Place): Span {
  const last = places.findLast(({ clause, item }) => clause === from.clause && item.kind !== 'break');

  return { start: from.item.start, end: (last ?? from).item.end };
}
