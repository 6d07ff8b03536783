import type { Draft } from '../offers/draft-types';
import type { OfferReading } from '../offers/gathering-types';
import { isConcept, isText, type Span } from '../items/item-rules';
import { type Name, nameOf } from './name-rules';
import type { Place } from '../items/place-rules';

/**
 * “Basic, Pro and Max at $5, $10 and $20”: names told first and their prices after them, as many of one as of the other; and
 * “Basic và Pro đều 50k”, one price for each. Where they do not match, the first name without a price is asked about.
 * @returns the drafts with their names, and the name that no price is told for
 */
export function nameByLists(
  offers: OfferReading,
  places: readonly Place[],
  sentence: string,
): { drafts: Draft[]; unpriced: Span | null } {
  let drafts = offers.drafts;
  let unpriced: Span | null = null;

  for (const prices of priceLists(places)) {
    const names = namesBefore(places, prices[0]?.at ?? 0, sentence);
    const priced = prices.flatMap(({ item }) => drafts.find(({ amount }) => amount === item) ?? []);
    const [first] = names;

    if (first === undefined || names.length < 2 || priced.length !== prices.length) {
      continue;
    }
    const isOne = priced.length === 1 && isForEach(places, first.places[0] ?? 0, prices[0]?.at ?? 0);
    const cycles = new Set(priced.map(({ period }) => period?.cycle));

    if (isOne || (priced.length === names.length && cycles.size === 1)) {
      drafts = drafts
        .filter((draft) => draft.amount !== null || !names.some((name) => isNameOf(draft, name)))
        .flatMap((draft) => named(draft, priced, names));
    } else {
      unpriced ??= first;
    }
  }

  return { drafts, unpriced };
}

const isNameOf = (draft: Draft, name: Name): boolean => draft.name !== null && draft.name.end === name.end;

function named(draft: Draft, priced: readonly Draft[], names: readonly Name[]): Draft[] {
  const index = priced.indexOf(draft);
  const own = priced.length === 1 ? names : names.slice(index, index + 1);

  return index < 0 ? [draft] : own.map((name) => ({ ...draft, name, isPlanOrAddon: false }));
}

/** “Đều”, “each”, “both” between the names and their price. */
const isForEach = (places: readonly Place[], from: number, to: number): boolean =>
  places.slice(from, to + 2).some(({ item }) => isConcept(item, 'all') || isText(item, /^each$/));

/** Prices one after another, with nothing between them but how often they are paid. */
function priceLists(places: readonly Place[]): Place[][] {
  const lists: Place[][] = [];
  let isOpen = false;

  for (const place of places) {
    if (place.item.kind === 'amount') {
      lists.push([...(isOpen ? (lists.pop() ?? []) : []), place]);
      isOpen = true;
    } else if (place.item.kind !== 'time' && !isSeparator(place)) {
      isOpen = false;
    }
  }

  return lists;
}

const isSeparator = (place: Place | undefined): boolean =>
  (place?.item.kind === 'break' && /^[,;–-]$/.test(place.item.text)) || isText(place?.item, /^(and|và|&|\/)$/);

/** Names one after another right before a price, first to last. */
function namesBefore(places: readonly Place[], at: number, sentence: string): Name[] {
  const names: Name[] = [];
  let end = at;

  while (end > 0 && leadsToPrices(places[end - 1])) {
    end -= 1;
  }
  for (;;) {
    const from = beginOfName(places, end, sentence);

    if (from === end) {
      return names;
    }
    names.unshift(nameOf(places.slice(from, end), sentence));
    const hasNoun = isConcept(places[from - 1]?.item, 'plan');
    end = from;

    while (!hasNoun && end > 0 && isSeparator(places[end - 1])) {
      end -= 1;
    }
    if (end === from) {
      return names;
    }
  }
}

const leadsToPrices = (place: Place | undefined): boolean =>
  place !== undefined &&
  (isConcept(place.item, 'price', 'all', 'filler', 'until') ||
    (place.item.kind === 'break' && /^[:,.–-]$/.test(place.item.text)) ||
    (place.item.kind === 'word' && /^(lan|luot|respectively)$/.test(place.item.text)));

/** A name of the trade, or words that begin with a capital. */
function beginOfName(places: readonly Place[], end: number, sentence: string): number {
  let from = end;

  while (from > 0 && end - from < 3 && isInName(places[from - 1] as Place, sentence)) {
    from -= 1;
  }

  return from;
}

const isInName = ({ item }: Place, sentence: string): boolean =>
  isConcept(item, 'tier') ||
  item.kind === 'quote' ||
  (item.kind === 'word' && /^\p{Lu}/u.test(sentence.slice(item.start, item.end)));
