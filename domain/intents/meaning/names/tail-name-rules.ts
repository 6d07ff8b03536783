import { isConcept, isPrice, isText, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';
import { beforeAmount, type Name, nameOf } from './name-rules';

/** What a name behind its price may end with: it says that it is something to subscribe to. */
const clubs = /^(club|box|crate|kit|bundle|circle|society|league|basket|bag)$/;
const mostWords = 5;

/**
 * The name behind its price: “a $15/mo coffee club”, “59k/tháng bản VIP”, “$5/mo Basic”, and, where two prices or more have one,
 * “100k/tháng xe máy, 1tr2/tháng ô tô”.
 */
export function nameBehindPrice(places: readonly Place[], at: number, sentence: string): Name | null {
  const parts = partsBehind(places, at);
  // “$500 a year for the wine club”
  if (isPaidFor(places, parts[0]?.at ?? 0) && !isClub(parts.at(-1)?.item)) {
    // “$50 a month for Studio, $20 a month for Solo”
    return parts.every(({ item }) => isProper(item, sentence)) && isParallel(places, at)
      ? nameOf(parts, sentence)
      : null;
  }
  const tiers = parts.slice(0, parts.findIndex(({ item }) => !isConcept(item, 'tier')) >>> 0);

  if (parts.length === 0 || isPart(places[(parts.at(-1)?.at ?? 0) + 1])) {
    return null;
  }
  if (tiers.length > 0 && (tiers.length === parts.length || isAfterArticle(places, at))) {
    return nameOf(tiers.length === parts.length ? tiers : parts, sentence);
  }
  const isOfClub = parts.length > 1 && isClub(parts.at(-1)?.item);
  const isSure =
    (isOfClub && isPaidFor(places, parts[0]?.at ?? 0)) ||
    (isAfterArticle(places, at) && isThing(parts)) ||
    (isOfClub && opensClause(places, at));

  return isSure || isParallel(places, at) ? nameOf(parts, sentence) : null;
}

const isProper = ({ start }: Item, sentence: string): boolean => /^\p{Lu}/u.test(sentence.slice(start));

const isPaidFor = (places: readonly Place[], at: number): boolean =>
  [places[at - 1], places[at - 2]].some((place) => isText(place?.item, /^(for|cho)$/));

/** “Coffee club”: nobody adds one to a plan. */
export const isNameOfClub = (name: Name, places: readonly Place[]): boolean =>
  isClub(places[name.places.at(-1) ?? -1]?.item);

const isClub = (item: Item | undefined): boolean => item?.kind === 'word' && clubs.test(item.text);

/** “Start a coffee club at $18”: what is sold, between its article and its price. */
export function nameOfThing(places: readonly Place[], at: number, sentence: string): Name | null {
  const to = beforeAmount(places, at);
  const from = places.slice(0, to).findLastIndex(({ item }) => !isPartOfThing(item)) + 1;
  const parts = places.slice(from, to);
  const isOffered =
    isText(places[from - 1]?.item, /^(a|à|ạ|an|our)$/) &&
    (isConcept(places[from - 2]?.item, 'add', 'sell', 'want') || isText(places[from - 2]?.item, /^(start|launch)$/));

  return isOffered && parts.length > 0 && parts.length <= mostWords && isThing(parts) ? nameOf(parts, sentence) : null;
}

const isPartOfThing = (item: Item): boolean => item.kind === 'word' || isConcept(item, 'compound');

/** “Monthly box”: a word that says no more than that it is sold. */
const isThing = (parts: readonly Place[]): boolean => parts.length > 1 || !isClub(parts[0]?.item);

/** Words right behind a price and how often it is paid, up to whatever says something else. */
function partsBehind(places: readonly Place[], at: number): Place[] {
  let from = at + 1;

  while (places[from]?.item.kind === 'time') {
    from += 1;
  }
  if (isText(places[from]?.item, /^(for|cho)$/)) {
    from += isText(places[from + 1]?.item, /^(a|an|the|our|thế|ạ|à)$/) ? 2 : 1;
  }
  const edition = places[from]?.item;

  if (edition !== undefined && isEdition(edition)) {
    from += 1;
  }
  let to = from;

  while (to < from + mostWords && isPart(places[to])) {
    to += 1;
  }

  return places.slice(from, to);
}

const isEdition = (item: Item): boolean =>
  isText(item, /^(loại|mức)$/) || (item.kind === 'word' && /^(ban|hang)$/.test(item.text));

const isPart = (place: Place | undefined): place is Place =>
  place !== undefined &&
  (place.item.kind === 'word' ||
    (isConcept(place.item, 'tier', 'knownAddon') && !isText(place.item, /^plus$/)) ||
    isNameable(place.item));

const isNameable = (item: Item): boolean =>
  isConcept(item, 'compound') &&
  !isText(
    item,
    /^(thoải mái|thả ga|tha hồ|thỏa thích|unlimited|không giới hạn|cancel any ?time|tiết kiệm hơn|all day|cả ngày)$/,
  );

const isAfterArticle = (places: readonly Place[], at: number): boolean =>
  isText(places[at - 1]?.item, /^(a|à|ạ|an|our)$/);

const opensClause = (places: readonly Place[], at: number): boolean => {
  const before = places[at - 1]?.item;

  return before === undefined || before.kind === 'break' || isConcept(before, 'add', 'sell', 'and');
};

/** Two prices or more open their clauses, and each has words behind it that end its clause. */
function isParallel(places: readonly Place[], at: number): boolean {
  const prices = places.filter(({ item }) => isPrice(item));
  const areAlike = prices.every((price) => {
    const parts = partsBehind(places, price.at);
    const after = places[(parts.at(-1)?.at ?? price.at) + 1]?.item;
    const isEnd = after === undefined || after.kind === 'break' || isConcept(after, 'and', 'polite');

    return parts.length > 0 && isEnd && opensClause(places, price.at);
  });

  return prices.length > 1 && areAlike && prices.some((price) => price.at === at);
}
