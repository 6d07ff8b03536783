import { foldWord, isShouted } from '../../words/fold-rules';
import { isConcept, type Item, type Span } from '../items/item-rules';
import { kindOf } from '../lexicon/addon-kinds';
import type { Place } from '../items/place-rules';

/** A name as it is written, and the places whose words it takes. */
export interface Name extends Span {
  text: string;
  /** What the lexicon calls an add-on of this name. */
  key: string | null;
  places: number[];
}

const mostWords = 6;
/** A noun of the trade is one behind a word of its own: towel service. */
export const isNamePart = (item: Item, before?: Item): boolean =>
  item.kind === 'word' ||
  item.kind === 'quote' ||
  isConcept(item, 'tier', 'knownAddon', 'slipOrSize', 'compound') ||
  (isConcept(item, 'noun') && (before?.kind === 'word' || isConcept(before, 'compound')));
export const isLeadIn = (item: Item): boolean => isConcept(item, 'named', 'filler', 'noun', 'polite', 'price');

/** The name after “gói” or “add-on called”. `Plan 1` is named by its number, with the noun. */
export function nameAfter(places: readonly Place[], at: number, sentence: string): Name | null {
  let from = at + 1;

  while (from < at + 4 && places[from] !== undefined && isLeadIn((places[from] as Place).item)) {
    from += 1;
  }
  if (isConcept(places[at]?.item, 'addon') && places[from]?.item.kind === 'break' && isText(places[from]?.item, ':')) {
    from += 1;
  }

  return (
    properName(places, at, sentence) ??
    nameFrom(places, from, sentence) ??
    letterName(places, at, sentence) ??
    numberName(places, at, sentence)
  );
}

/** The name before “plan” or “add-on”: a Pro plan, the towel service add-on. */
export function nameBefore(places: readonly Place[], at: number, sentence: string): Name | null {
  // “Family annual pass”
  const isPeriod = places[at - 1]?.item.kind === 'time' && isNamePart((places[at - 2] ?? places[at])?.item as Item);
  const end = isPeriod ? at - 1 : at;
  let from = end;

  while (from > 0 && end - from < mostWords && isNamePart((places[from - 1] as Place).item, places[from - 2]?.item)) {
    from -= 1;
  }
  from = withCount(places, from, end);
  // “Plus a storage add-on”, “plus optional storage”, “bản Pro”, “hạng Bạc”
  const first = places[from]?.item;

  if (
    end - from > 1 &&
    (/^plus$/.test(sentence.slice(first?.start, first?.end)) || isEdition(first, places[from + 1]?.item))
  ) {
    from += 1;
  }

  return from === end ? null : nameOf(places.slice(from, end), sentence);
}

const isEdition = (item: Item | undefined, next: Item | undefined): boolean =>
  item?.kind === 'word' && /^(ban|hang)$/.test(item.text) && isConcept(next, 'tier');

/** The 8 classes plan. */
function withCount(places: readonly Place[], from: number, at: number): number {
  const item = places[from - 1]?.item;
  const isCounted = from < at && places[from]?.item.kind !== 'quote';

  return isCounted && item?.kind === 'amount' && item.amount.isBare && item.amount.shape === 'whole' ? from - 1 : from;
}

/** Pro 199k, Pro: 199k, Pro for $9. @param isListed names in small letters count, too: it is a list of them */
export function nameBeforeAmount(
  places: readonly Place[],
  at: number,
  { sentence, isListed }: { sentence: string; isListed: boolean },
): Name | null {
  const name = nameBefore(places, beforeAmount(places, at), sentence);

  if (name === null) {
    return isListed ? listedName(places, at, sentence) : null;
  }
  const items = name.places.map((index) => (places[index] as Place).item);
  const isMarked = items.some((item) => item.kind === 'quote' || isConcept(item, 'tier', 'knownAddon'));
  const isCapital = /^\p{Lu}/u.test(name.text) && name.start > 0 && !isShouted(sentence);

  return isMarked || isCapital || isListed ? name : null;
}

/** In a list of names a known word may be one: “Cá nhân 49k; Công ty 499k”. */
function listedName(places: readonly Place[], at: number, sentence: string): Name | null {
  const [name, before] = [places[at - 1], places[at - 2]?.item];
  const isAlone =
    name !== undefined &&
    isConcept(name.item, 'filler', 'noun', 'machine') &&
    (before?.kind === 'break' || isConcept(before, 'and'));

  return isAlone && /^\p{Lu}/u.test(sentence.slice(name.item.start)) ? nameOf([name], sentence) : null;
}

const isText = (item: Item | undefined, text: string): boolean => item?.kind === 'break' && item.text === text;
const isBeforeAmount = (item: Item | undefined): boolean =>
  isConcept(item, 'price', 'filler', 'noun') || isText(item, ':') || isText(item, '-') || isText(item, '–');

/** Where a name before a price ends: Pro: 199k, Pro for $9. */
export function beforeAmount(places: readonly Place[], at: number): number {
  let end = at;

  while (end > 0 && isBeforeAmount(places[end - 1]?.item)) {
    end -= 1;
  }

  return end;
}

function nameFrom(places: readonly Place[], from: number, sentence: string): Name | null {
  let to = from;

  while (to < from + mostWords && places[to] !== undefined && isNamePart((places[to] as Place).item)) {
    to += 1;
  }

  return to === from ? null : nameOf(places.slice(from, to), sentence);
}

/** Gói Start: a word that means something, written as a name right before its price. */
function properName(places: readonly Place[], at: number, sentence: string): Name | null {
  const next = places[at + 1];
  const after = places[at + 2]?.item;
  const text = next === undefined ? '' : sentence.slice(next.item.start, next.item.end);
  const isProper =
    /^\p{Lu}\p{Ll}+(\s\p{L}\p{Ll}*)*$/u.test(text) &&
    next?.item.kind === 'concept' &&
    !isConcept(next.item, ...notNames);

  const isPriced =
    after?.kind === 'amount' ||
    (after?.kind === 'break' && after.text === ',' && places[at + 3]?.item.kind === 'amount');

  return isProper && isPriced ? nameOf([next], sentence) : null;
}

const notNames = [
  'plan',
  'addon',
  'subscription',
  'freemium',
  'retail',
  'free',
  'trial',
  'price',
  'tier',
  'knownAddon',
] as const;

/** Gói A: a letter is a word of some language, too. */
function letterName(places: readonly Place[], at: number, sentence: string): Name | null {
  const next = places[at + 1];
  const after = places[at + 2]?.item;
  const isLetter = next !== undefined && /^\p{Lu}$/u.test(sentence.slice(next.item.start, next.item.end));

  return isLetter && (after?.kind === 'amount' || after?.kind === 'break' || isConcept(after, 'price'))
    ? nameOf([next], sentence)
    : null;
}

function numberName(places: readonly Place[], at: number, sentence: string): Name | null {
  const noun = places[at];
  const next = places[at + 1];
  const after = places[at + 2]?.item;

  if (noun === undefined || next?.item.kind !== 'amount' || !isConcept(noun.item, 'plan')) {
    return null;
  }
  const { amount } = next.item;
  const isOrdinal = amount.isBare && amount.shape === 'whole' && amount.value.numerator < 100n;
  const isFollowed =
    after !== undefined &&
    (after.kind === 'amount' || after.kind === 'break' || isConcept(after, 'price', 'filler', 'noun'));

  return isOrdinal && isFollowed ? nameOf([noun, next], sentence) : null;
}

export function nameOf(parts: readonly Place[], sentence: string): Name {
  const quote = parts.find(({ item }) => item.kind === 'quote')?.item;
  const start = quote?.start ?? parts[0]?.item.start ?? 0;
  const end = quote?.end ?? parts.at(-1)?.item.end ?? 0;
  const first = parts[0]?.item;
  const key = first?.kind === 'concept' && parts.length === 1 ? first.key : null;
  // “Team (5 người) 500k”
  const text = sentence.slice(start, end).replace(/\s*\([^)]*$/, '');

  return { start, end: start + text.length, text, key, places: parts.map(({ at }) => at) };
}

/** The key that a name makes: Photo Vault → photo-vault. Empty where no letter of it can stand in a key. */
export function keyOf({ text, key }: Name): string {
  return key ?? kindOf(text) ?? (foldWord(text).match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 60).replace(/-$/, '');
}
