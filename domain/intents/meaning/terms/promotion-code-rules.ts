import { isShouted } from '../../words/fold-rules';
import { isConcept, isText, type Item, type Span } from '../items/item-rules';
import { nextOf } from '../items/near-rules';
import type { Place } from '../items/place-rules';

const codePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/;

/** “ALL5” is no five of Albania's money. */
const glued = /^(?!VND|USD|EUR|GBP|JPY)[A-Z]{3}\d+$/;

/** After these a word in capitals is a code: mã TET, coupon SPRING. “Mã” is the same word as “mà” without their marks. */
const isNounOfCode = (item: Item): boolean =>
  isConcept(item, 'code') ||
  isOfCode(item) ||
  (item.kind === 'concept' && item.concept === 'discount' && nouns.test(item.text));
const nouns = /^(promo|promotion|voucher|coupon)$/;

/** What is written without a space after the word for a code. */
export function readCodes(places: readonly Place[], sentence: string, used: Set<number>): (Span & { text: string })[] {
  return places.flatMap(({ item, at }) => {
    const isEntered = isCodeEntered(places, at, sentence);
    const isLed = isEntered || (isText(item, /^(with|với|using)$/) && isCodeBehindWith(places, at, sentence));
    const isWord = isNounOfCode(item) || isConcept(item, 'discount') || isLed;
    const isGlued = places[at + 2]?.item.start === places[at + 1]?.item.end;
    const from = !isWord ? -1 : isGlued ? at + 1 : at + 1 + skipped(places, at + 1, sentence);
    const first = places[from]?.item;

    if (first === undefined || used.has(from)) {
      return [];
    }
    let last = from;

    while (places[last + 1]?.item.start === places[last]?.item.end && places[last + 1]?.item.kind !== 'break') {
      last += 1;
    }
    const span = { start: first.start, end: places[last]?.item.end ?? first.end };
    const text = sentence.slice(span.start, span.end);
    const isCapitals =
      text === text.toUpperCase() &&
      !isShouted(sentence) &&
      (isEntered || isNounOfCode(item)) &&
      !isConcept(first, 'tax');
    const isCode = codePattern.test(text) && /[A-Za-z]/.test(text) && (/\d/.test(text) || isCapitals);
    // 50k after “giảm” is an amount.
    const isAmount = last === from && first.kind === 'amount' && !glued.test(text);

    if (!isCode || isAmount) {
      return [];
    }
    for (let index = from; index <= last; index += 1) {
      used.add(index);
    }

    return [{ ...span, text }];
  });
}

/** “Code spring”: without capitals or digits nobody knows a code from a word; without its code a promotion is everybody's. */
export function unreadCode(places: readonly Place[], used: ReadonlySet<number>): Place | null {
  const unread = places.find(({ item, at }) => {
    if (!isConcept(item, 'code') && !isOfCode(item)) {
      return false;
    }
    // “No code needed”
    if (isConcept(nextOf(places, at, -1)?.item, 'not', 'drop')) {
      return false;
    }
    const next = places[at + 1 + skipped(places, at + 1, '')];

    return next?.item.kind === 'word' && !used.has(next.at);
  });

  return unread ?? null;
}

/** “Nhập MUADAU là được giảm 40 nghìn” */
function isCodeEntered(places: readonly Place[], at: number, sentence: string): boolean {
  const [item, next] = [places[at]?.item, places[at + 1]?.item];

  return (
    item?.kind === 'word' &&
    item.text === 'nhap' &&
    next !== undefined &&
    /^[A-Z]{3,}\d*(?!\p{L})/u.test(sentence.slice(next.start)) &&
    places.some((place) => isConcept(place.item, 'discount'))
  );
}

/** “15% off the first month with FIRST15” */
function isCodeBehindWith(places: readonly Place[], at: number, sentence: string): boolean {
  const own = places.filter(({ clause }) => clause === places[at]?.clause);

  return (
    own.some(({ item }) => isConcept(item, 'discount')) &&
    !own.some(({ item }) => isNounOfCode(item)) &&
    /^[A-Z]{3,}\d+\b/.test(sentence.slice(places[at + 1]?.item.start))
  );
}

const isOfCode = (item: Item): boolean => isText(item, /^mà$/) || (item.kind === 'word' && item.text === 'ma');

function skipped(places: readonly Place[], from: number, sentence: string): number {
  const rest = places.slice(from, from + 3);
  const at = rest.findIndex(
    ({ item }) =>
      // “Mã HELLO”
      /^\p{Lu}{3,}$/u.test(sentence.slice(item.start, item.end)) ||
      (!isConcept(item, 'filler', 'noun', 'price', 'named') && !(item.kind === 'break' && item.text === ':')),
  );

  return at < 0 ? 0 : at;
}
