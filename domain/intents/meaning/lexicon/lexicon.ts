import { deedPhrases } from './deeds';
import { guardPhrases } from './guards';
import { modelPhrases } from './models';
import { talkPhrases } from './talk';
import { termPhrases } from './terms';
import { addonPhrases, thingPhrases } from './things';

/**
 * All that is known of words: what a phrase means. To teach a word, add it to the list of its meaning in one of these files;
 * a phrase has one meaning only, since diacritics do not tell meanings apart.
 */
const meanings = { ...modelPhrases, ...deedPhrases, ...thingPhrases, ...termPhrases, ...talkPhrases, ...guardPhrases };

export type Concept = keyof typeof meanings | 'knownAddon';

export interface Phrase {
  concept: Concept;
  /** Of a known add-on. */
  key: string | null;
  /** As it stands in the lexicon. */
  text: string;
}

const split = (list: string): string[] =>
  list
    .split(/,\s/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');

export const phrases: readonly Phrase[] = [
  ...Object.entries(meanings).flatMap(([concept, list]) =>
    split(list).map((text) => ({ concept: concept as Concept, key: null, text })),
  ),
  ...Object.entries(addonPhrases).flatMap(([key, list]) =>
    split(list).map((text) => ({ concept: 'knownAddon' as const, key, text })),
  ),
];
