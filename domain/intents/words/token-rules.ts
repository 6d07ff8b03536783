import { foldText } from './fold-rules';
import { saidBy } from './spoken-words';

/** A word, a number in digits, or a sign. `text` is folded; `start` and `end` are where it stands in the source. */
export interface Token {
  kind: 'word' | 'number' | 'sign';
  text: string;
  /** The same of numbers, times and money; empty where the marks make it another word. */
  said: string;
  /** As it was written. */
  written: string;
  start: number;
  end: number;
  /** Nothing stands between it and the token before. */
  isGlued: boolean;
}

/** As it was written, in small letters. */
export const writtenOf = (token: Token | undefined): string => token?.written.normalize('NFC').toLowerCase() ?? '';

const patterns = [
  ['number', /\d+(?:[.,]\d+)*/y],
  ['word', /\p{L}+(?:['’]\p{L}+)*/uy],
  ['sign', /[^\s]|\n/uy],
] as const;

/** What is written without a space after digits: 199kđ, 2trvnd. */
const gluedUnits = /^(k|tr|ng|ngan|nghin|trieu|ty)(d|vnd|dong|usd)$/;
const hyphens = '-–—';

/** Splits a sentence into tokens. A hyphen within a word, as in add-on and 14-day, is as good as a space. */
export function tokenize(sentence: string): Token[] {
  const { text, at, source } = foldText(sentence);
  const sourceAt = (index: number) => at[index] ?? source.length;
  const tokens: Token[] = [];
  let position = 0;
  let isGlued = false;
  const push = (kind: Token['kind'], from: number, to: number) => {
    const [start, end] = [sourceAt(from), sourceAt(to)];
    const [word, written] = [text.slice(from, to), source.slice(start, end)];
    tokens.push({ kind, text: word, said: saidBy(word, written), written, start, end, isGlued });
    isGlued = true;
  };

  while (position < text.length) {
    const found = matchAt(text, position);

    if (found === null) {
      position += 1;
      isGlued = false;
    } else if (isInnerHyphen(text, position, isGlued)) {
      position += 1;
      isGlued = false;
    } else {
      const end = position + found.length;
      const units = found.kind === 'word' && isGlued ? gluedUnits.exec(text.slice(position, end)) : null;

      if (units === null) {
        push(found.kind, position, end);
      } else {
        const middle = position + (units[1]?.length ?? 0);
        push('word', position, middle);
        push('word', middle, end);
      }
      position = end;
    }
  }

  return tokens;
}

function matchAt(text: string, position: number): { kind: Token['kind']; length: number } | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const found = pattern.exec(text);

    if (found !== null) {
      return { kind, length: found[0].length };
    }
  }

  return null;
}

function isInnerHyphen(text: string, position: number, isGlued: boolean): boolean {
  return isGlued && hyphens.includes(text.charAt(position)) && /\p{L}/u.test(text.charAt(position + 1));
}
