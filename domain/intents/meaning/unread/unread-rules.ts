import { foldWord } from '../../words/fold-rules';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import type { Doubt, Place } from '../items/place-rules';
import type { Draft } from '../offers/draft-types';
import type { ReadSoFar } from './read-so-far-types';
import {
  isContent,
  isOfOwner,
  isOfPromise,
  isOfTrial,
  isTry,
  tellsHowOneBuys,
  tellsWhatOneGets,
} from './unread-words-rules';
import { unsoldTerms } from './unsold-terms-rules';

/**
 * The guard of last resort: what stands behind a price, or beside a discount, and no rule has read may well limit it (“only in
 * Hanoi”, “minimum 3 seats”, “renews on the 1st”). It is asked about with its words, and never dropped in silence. What a
 * sentence tells before, of the shop that stays or goes, and of what one gets for the price, changes nothing that is sold.
 */
export function unread(places: readonly Place[], read: ReadSoFar): Doubt[] {
  const terms = unsoldTerms(places, read);
  const [first, ...others] = clausesOf(places).flatMap((clause) => unreadOf(places, clause, read));

  if (terms.length > 0 || first === undefined) {
    return terms;
  }
  const last = others.findLast(({ clause }) => clause === first.clause) ?? first;

  return [{ code: 'words_unread', span: { start: first.item.start, end: last.item.end } }];
}

/** Where what is asked for begins: at the first price, else at a percentage or the model. */
export function anchorOf(places: readonly Place[], drafts: readonly Draft[], model: Span | null): number {
  const price = places.find(({ item }) => drafts.some(({ amount }) => amount === item));
  const isTerm = ({ item }: Place) => item.kind === 'percent' || (model !== null && item.start >= model.start);

  return (price ?? places.find(isTerm))?.at ?? Infinity;
}

function clausesOf(places: readonly Place[]): Place[][] {
  const clauses: Place[][] = [];

  for (const place of places) {
    (clauses[place.clause] ??= []).push(place);
  }

  return clauses;
}

function unreadOf(places: readonly Place[], clause: readonly Place[], read: ReadSoFar): Place[] {
  const isPriced = clause.some(({ item }) => isPriceOf(read.drafts, item));
  const shop = clause.find(({ item }) => isConcept(item, 'retail', 'shop'));
  const isOfModel = clause.some(({ item }) =>
    isConcept(item, 'retail', 'shop', 'subscription', 'freemium', 'multi', 'keep'),
  );
  const isPromised = clause.some(({ item, at }) => isConcept(item, 'discount', 'code') || read.promised.has(at));
  const isTried = clause.some(({ item }) => isConcept(item, 'trial', 'free') || isTry(item));
  // “… while the tasting room shop stays as it is”
  const but = clause.findLast(({ item }) => isConcept(item, 'but'))?.at ?? Infinity;
  const isButShop = shop !== undefined && but < shop.at;
  const behind = clause.filter(({ at }) => at > read.anchor || (isPromised && !isPriced));

  const isOfShopAlone =
    read.drafts.every(({ amount }) => amount === null) && places.some(({ item }) => isConcept(item, 'retail'));

  if (tellsWhatOneGets(behind, read) || (isOfShopAlone && tellsHowOneBuys(clause))) {
    return [];
  }

  const hasPrice = read.drafts.some(({ amount }) => amount !== null);
  const reason = behind.find(({ item }) => isConcept(item, 'reason'));
  // “Because it is only for students” says more than why.
  const limit = behind.find(
    ({ item, at }) => reason !== undefined && at > reason.at && isText(item, /^(chỉ|only|just)$/),
  );
  const why = limit === undefined ? (reason?.at ?? Infinity) : Infinity;

  return behind.filter((place) => {
    const { item, at } = place;
    const isOfShop = (isOfModel && !isPriced) || (shop !== undefined && (at > shop.at || (isButShop && at > but)));
    const isKnown =
      read.used.has(at) ||
      isPriceOf(read.drafts, item) ||
      (isPromised && (isOfPromise(item, clause) || isOfOrders(clause, item))) ||
      (isTried && (isOfTrial(places, at) || isNameOf(read.drafts, item)));

    const isOpen =
      isContent(item) && !isOfShop && !isKnown && !isOfOwner(places, at) && !(hasPrice && isPayer(clause, place));

    return (
      at < why &&
      (place === limit ||
        isOpen ||
        isOfSome(clause, places, at) ||
        isForFew(clause, item) ||
        isSomewhere(places, at, read))
    );
  });
}

/** “$120 a year, that's what our readers pay from now on”: who pays what was said before; “only readers” would be some. */
const isPayer = (clause: readonly Place[], { at }: Place): boolean =>
  clause.some((place) => place.at > at && isText(place.item, /^(pay|pays|trả|đóng|trả tiền|trả phí)$/)) &&
  !clause.some(
    ({ item }) => item.kind === 'amount' || item.kind === 'percent' || isText(item, /^(chỉ|only|just|except|trừ)$/),
  );

/** “Giảm 20% cho đơn hàng”, and nothing that tells which. */
function isOfOrders(clause: readonly Place[], item: Item): boolean {
  const isOrder = (one: Item) => one.kind === 'word' && /^(don|hang|orders?)$/.test(one.text);

  if (!isOrder(item)) {
    return false;
  }
  const rest = clause.slice(clause.findIndex((place) => place.item === item) + 1);
  const code = rest.findIndex((place) => isConcept(place.item, 'code') || isText(place.item, /^(với|mã|ma)$/));

  return rest
    .slice(0, code < 0 ? undefined : code)
    .every((place) => isOrder(place.item) || place.item.kind === 'break' || isConcept(place.item, 'polite'));
}

const isPriceOf = (drafts: readonly Draft[], item: Item): boolean => drafts.some(({ amount }) => amount === item);

/** “7 day trial for Studio only”, which is one of the plans. */
const isNameOf = (drafts: readonly Draft[], item: Item): boolean =>
  item.kind === 'word' &&
  drafts.some(({ name }) => name !== null && foldWord(name.text).split(' ').includes(item.text));

/** “Cho khách cũ”, which it is not sold to alone; whoever thinks of regular customers says whom he likes. */
const isOfSome = (clause: readonly Place[], places: readonly Place[], at: number): boolean => {
  const place = places[at];
  const isLimited =
    clause.some(({ item }) => isConcept(item, 'discount')) ||
    places.slice(Math.max(0, at - 2), at + 2).some(({ item }) => isText(item, /^(chỉ|only|just)$/));

  return isConcept(place?.item, 'audience') && (isLimited || !place?.isFor || !isText(place.item, regulars));
};

const regulars =
  /^(khách quen|khách hàng quen|khách thân thiết|khách hàng thân thiết|khách thân|khách ruột|khách mối|loyal customers|loyal members|regular customers|regulars)$/;

/** “US customers only”, “chỉ khách cũ”: in a clause of its own. */
const isForFew = (clause: readonly Place[], item: Item): boolean =>
  isText(item, /^(khách|khách hàng|customers?|clients?|users?|members?|subscribers?|people)$/) &&
  clause.some((place) => isText(place.item, /^(chỉ|only|just)$/)) &&
  !clause.some(
    (place) => place.item.kind === 'amount' || isConcept(place.item, 'discount', 'trial', 'retail', 'shop', 'keep'),
  );

/** “Chuyển sang bán lẻ ở Đà Nẵng”: a model holds everywhere. */
const isSomewhere = (places: readonly Place[], at: number, { drafts }: ReadSoFar): boolean =>
  drafts.every(({ amount }) => amount === null) &&
  places[at]?.item.kind === 'word' &&
  places.slice(Math.max(0, at - 2), at).some(({ item }) => isText(item, /^(ở|tại|in)$/)) &&
  !places.some(({ item }) => isConcept(item, 'keep'));
