import type { Draft } from '../offers/draft-types';
import { isConcept } from '../items/item-rules';
import type { Place } from '../items/place-rules';

/** The places of a sentence with the names and codes in it as words that nobody knows: a deed in a name is not done. */
export function withoutNames(places: readonly Place[], drafts: readonly Draft[], codes: ReadonlySet<number>): Place[] {
  const named = new Set([...codes, ...drafts.flatMap(({ name }) => name?.places ?? [])]);

  return places.map((place): Place => {
    const { item, at } = place;

    return named.has(at) && item.kind === 'concept' && !isConcept(item, 'tier', 'knownAddon', 'plan')
      ? { ...place, item: { kind: 'word', start: item.start, end: item.end, text: item.text } }
      : place;
  });
}
