import { isConcept, isPrice, isText, type Item } from './item-rules';

/** “The analytics, those are $10”: the sentence without the comma and the word that says again what the price is of. */
export const withoutAppositions = (items: readonly Item[]): Item[] =>
  items.filter((_, at) => !opens(items, at) && !opens(items, at - 1));

function opens(items: readonly Item[], at: number): boolean {
  const [comma, again] = [items[at], items[at + 1]];

  if (comma?.kind !== 'break' || !/^[,–-]$/.test(comma.text) || !isAgain(again)) {
    return false;
  }
  const before = items[at - 1];

  return (
    (before?.kind === 'word' || isConcept(before, 'knownAddon', 'compound', 'tier')) &&
    isText(items[at + 2], /^(is|are|costs?|for|at)$/) &&
    isPrice(items[at + 3])
  );
}

const isAgain = (item: Item | undefined): boolean =>
  isText(item, /^(those|these|they|it|that|which)$/) || (item?.kind === 'word' && item.text === 'which');
