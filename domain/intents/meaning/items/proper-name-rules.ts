import type { Concept } from '../lexicon/lexicon';
import { isConcept, isMark, isPrice, type Item } from './item-rules';

/** These say what is sold and on which terms, however they are written. */
const structure: readonly Concept[] = [
  ...(['plan', 'addon', 'named', 'subscription', 'freemium', 'retail', 'multi', 'shop', 'free', 'trial'] as const),
  ...(['price', 'cycle', 'once', 'perSeat', 'all', 'tax', 'taxFree', 'taxIncluded', 'taxExcluded'] as const),
  ...(['discount', 'code', 'toward', 'change', 'until', 'unsold', 'asItIs', 'polite', 'correction'] as const),
];
/** Of names that nothing else makes of them. */
const named: readonly Concept[] = ['tier', 'knownAddon'];
const proper = /^\p{Lu}\p{Ll}*(?:[\s'’-]+\p{Lu}\p{Ll}*)*$/u;

/**
 * Words with a meaning that are written as a name before its price, “gói Đi Làm 129k”, “Day Climber at $39”, “a plan called
 * Regulars at $11”, as the words of a name that they are.
 */
export function readProperNames(items: readonly Item[], sentence: string): Item[] {
  const isProper = (item: Item | undefined): item is Item =>
    item !== undefined && canBeNamed(item) && proper.test(sentence.slice(item.start, item.end));
  const read: Item[] = [];
  let at = 0;

  while (at < items.length) {
    let end = at;

    while (isProper(items[end])) {
      end += 1;
    }
    const run = items.slice(at, end);
    const [before] = read.slice(-1);
    const isName =
      run.some((item) => item.kind !== 'word' && !isConcept(item, ...named)) &&
      isLed(before, run, sentence) &&
      // “… 260k/tháng theo gói Da Đẹp”, which is no dạ
      (isPriced(items, end) || (isConcept(before, 'plan', 'named', 'addon') && wordsOf(run, sentence) > 1)) &&
      !isTitle(sentence);
    read.push(...(isName ? run.map((item) => asWord(item)) : run));

    if (end < items.length) {
      read.push(items[end] as Item);
    }
    at = end + 1;
  }

  return read;
}

const canBeNamed = (item: Item): boolean =>
  item.kind === 'word' ||
  // “Gói Năm” is paid by the year.
  (item.kind === 'time' && item.time === 'unit' && !/^(month|year)$/.test(item.span.unit)) ||
  (item.kind === 'concept' && !structure.includes(item.concept));

/** One word is a name behind the noun of an offer, several are one between commas, too; a sentence begins with a capital itself. */
const isLed = (before: Item | undefined, run: readonly Item[], sentence: string): boolean =>
  isConcept(before, 'plan', 'named', 'addon') ||
  (wordsOf(run, sentence) > 1 &&
    ((before?.kind === 'break' && /^[,:;–-]$/.test(before.text)) || isConcept(before, 'and', 'filler')));

const wordsOf = (run: readonly Item[], sentence: string): number =>
  run.flatMap((item) => sentence.slice(item.start, item.end).split(/\s+/)).length;

/** A price is next, but for what leads to it. */
function isPriced(items: readonly Item[], from: number): boolean {
  let at = from;

  while (isConcept(items[at], 'price', 'filler') || isMark(items[at])) {
    at += 1;
  }

  return isPrice(items[at]);
}

/** Where most words begin with a capital it says nothing. */
function isTitle(sentence: string): boolean {
  const words = sentence.match(/\p{L}+/gu) ?? [];

  return words.filter((word) => /^\p{Lu}/u.test(word)).length > words.length * 0.6;
}

const asWord = (item: Item): Item =>
  item.kind === 'word' || isConcept(item, ...named)
    ? item
    : { kind: 'word', start: item.start, end: item.end, text: item.kind === 'concept' ? item.text : 'name' };
