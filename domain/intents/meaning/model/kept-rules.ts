import { isConcept, type Item } from '../items/item-rules';
import type { Place } from '../items/place-rules';

/** What sells goods, by its folded words: “keep the bakery open”, “giữ quán như cũ”. */
const sellers =
  /^(bakery|cafe|cafes|restaurant|bookshop|bookstore|boutique|stall|stalls|market|pharmacy|counter|kiosk|showroom|deli|florist|grocery|quan|sap)$/;

const isWord = (item: Item | undefined): item is Extract<Item, { kind: 'word' }> => item?.kind === 'word';

/** @returns the place of what “keep” keeps, where it is a word of the owner's own; null where it is none */
function objectOf(places: readonly Place[], at: number): Place | null {
  const object = places.slice(at + 1).find(({ item }) => !isConcept(item, 'filler', 'noun', 'sell'));

  return object?.clause === places[at]?.clause && isWord(object?.item) ? object : null;
}

/** “Keep the bakery”: what sells goods goes on. */
export const isSellerKept = (places: readonly Place[], at: number): boolean => {
  const object = isConcept(places[at]?.item, 'keep') ? objectOf(places, at) : null;

  return isWord(object?.item) && sellers.test(object.item.text);
};

/** “Keep the winery as it is”: something goes on that nobody knows. */
export const unknownKept = (places: readonly Place[]): Place | null =>
  places.find(
    ({ item, at }) =>
      isConcept(item, 'keep') &&
      /^(keep|keeping|giữ|vẫn giữ|giữ nguyên)$/.test(item.kind === 'concept' ? item.text : '') &&
      objectOf(places, at) !== null,
  ) ?? null;

/** A word of the owner's own, and another deed, since what keeps. */
export const isGoodsBetween = (places: readonly Place[], at: number): boolean => {
  const kept = places.slice(0, at).findLastIndex(({ item }) => isConcept(item, 'keep'));

  return (
    places.slice(kept + 1, at).some(({ item }) => isConcept(item, 'and')) &&
    isGoods(places.slice(kept + 1, at).find(({ item }) => !isConcept(item, 'filler', 'noun', 'sell'))?.item)
  );
};

export const isGoods = (item: Item | undefined): boolean => item?.kind === 'word' || isConcept(item, 'compound');
