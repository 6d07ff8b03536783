import type { Ratio } from '../../../money/ratio-rules';
import { type Amount, isMinus, readAmount } from '../../words/amount-rules';
import { readTime, type TimeRead } from '../../words/interval-rules';
import { readNumber } from '../../words/number-rules';
import { type TimeSpan, timeUnits } from '../../words/time-words';
import type { Token } from '../../words/token-rules';
import type { Concept } from '../lexicon/lexicon';
import { isNumbering } from './numbering-rules';
import { type PhraseRead, readPhrase } from './phrase-rules';

/** Where something stands in the sentence. */
export interface Span {
  start: number;
  end: number;
}

/** What a stretch of a sentence says. `word` is what nobody knows: a name, or noise. */
export type Item = Span &
  (
    | { kind: 'amount'; amount: Amount }
    | { kind: 'percent'; value: Ratio; isClear: boolean; isNegative: boolean }
    | { kind: 'time'; time: TimeRead['kind']; span: TimeSpan }
    | { kind: 'concept'; concept: Concept; key: string | null; text: string }
    | { kind: 'quote' }
    | { kind: 'word'; text: string }
    | { kind: 'break'; text: string }
  );

const breaks = /^[,;:.!?\n–—-]$/;
const quotes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '”': '”', '«': '»', '‘': '’', '„': '“' };
const sizeUnits = /^(gb|tb|mb|kb|g|mbps|sms|phut|px|p)$/;
const mostInName = 12;

type Reading = { item: Item; next: number };

/** Reads tokens from left to right; of all that can begin at a token the longest holds, amounts first. */
export function readItems(tokens: readonly Token[]): Item[] {
  const items: Item[] = [];
  let at = 0;

  while (at < tokens.length) {
    const { item, next } = readOne(tokens, at);
    items.push(item);
    at = next;
  }

  return items;
}

function readOne(tokens: readonly Token[], at: number): Reading {
  const token = tokens[at] as Token;
  const readings = [
    percent(tokens, at),
    amount(tokens, at),
    time(tokens, at),
    quote(tokens, at),
    phrase(tokens, at),
  ].filter((reading) => reading !== null);
  const [longest] = readings.sort((left, right) => right.next - left.next);

  if (longest !== undefined) {
    return longest;
  }
  const span = { start: token.start, end: token.end };

  if (breaks.test(token.text)) {
    return { item: { ...span, kind: 'break', text: token.text }, next: at + 1 };
  }

  return token.kind === 'sign'
    ? { item: { ...span, kind: 'concept', concept: 'filler', key: null, text: token.text }, next: at + 1 }
    : { item: { ...span, kind: 'word', text: token.text }, next: at + 1 };
}

const spanOf = (tokens: readonly Token[], from: number, next: number): Span => ({
  start: tokens[from]?.start ?? 0,
  end: tokens[next - 1]?.end ?? 0,
});

function percent(tokens: readonly Token[], at: number): Reading | null {
  const isMarked = /^[-−]$/.test(tokens[at]?.text ?? '');
  const number = readNumber(tokens, isMarked ? at + 1 : at);

  if (number === null) {
    return null;
  }
  const [sign, after] = [tokens[number.next]?.text, tokens[number.next + 1]?.text];
  const length =
    sign === '%' || sign === 'percent' || sign === 'pct'
      ? 1
      : (sign === 'phan' && after === 'tram') || (sign === 'per' && after === 'cent')
        ? 2
        : 0;
  const next = number.next + length;
  const isClear = !number.isUnclear && number.shape !== 'broken' && number.scale === null;

  return length === 0
    ? null
    : {
        item: {
          ...spanOf(tokens, at, next),
          kind: 'percent',
          value: number.value,
          isClear,
          isNegative: isMinus(tokens, at) || isMinus(tokens, at - 1),
        },
        next,
      };
}

function amount(tokens: readonly Token[], at: number): Reading | null {
  const read = isThereafter(tokens, at) ? null : readAmount(tokens, at);

  if (read === null || (read.isBare && read.shape === 'words' && read.next - at < 2 && !isPriceInWords(tokens, at))) {
    // “Two plans”: it counts what is told one by one.
    return read !== null && countWords.test(tokens[at]?.text ?? '') ? { item: filler(tokens, at), next: at + 1 } : null;
  }
  // “1. Basic 50k, 2. Pro 100k”
  if (isNumbering(tokens, at)) {
    return { item: { ...spanOf(tokens, at, at + 2), kind: 'break', text: ';' }, next: at + 2 };
  }
  // “3 mức: 50k, 100k và 200k”
  if (read.isBare && countNouns.test(tokens[read.next]?.text ?? '')) {
    return { item: { ...filler(tokens, at), ...spanOf(tokens, at, read.next) }, next: read.next };
  }
  // 4K is how sharp a film is.
  if (/^[248]$/.test(tokens[at]?.text ?? '') && tokens[at + 1]?.written === 'K' && read.next === at + 2) {
    return { item: { ...spanOf(tokens, at, read.next), kind: 'word', text: 'size' }, next: read.next };
  }
  if (read.isBare && sizeUnits.test(tokens[read.next]?.text ?? '')) {
    const next = read.next + 1;

    return { item: { ...spanOf(tokens, at, next), kind: 'word', text: 'size' }, next };
  }

  return { item: { ...spanOf(tokens, at, read.next), kind: 'amount', amount: read }, next: read.next };
}

/** “For ten”, and nothing that it counts. */
const isPriceInWords = (tokens: readonly Token[], at: number): boolean =>
  /^(for|at|costs|gia)$/.test(tokens[at - 1]?.text ?? '') && /^[.,;!]?$/.test(tokens[at + 1]?.text ?? '');

/** Sau đó is sáu đô as well, which is a price only before how often it is paid. */
const isThereafter = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.text === 'sau' &&
  tokens[at + 1]?.text === 'do' &&
  !/^(mot|moi|hang|thang|nam|la|my|a|per|\/|1)$/.test(tokens[at + 2]?.text ?? '');

const countNouns = /^(muc|loai|hang|cap|kieu|cach|dang|plans|tiers|packages|options|levels|kinds|types|ways|models)$/;
const countWords = /^(hai|bon|two|three|four|five|six|seven|eight|nine)$/;

const filler = (tokens: readonly Token[], at: number): Item => ({
  ...spanOf(tokens, at, at + 1),
  kind: 'concept',
  concept: 'filler',
  key: null,
  text: tokens[at]?.text ?? '',
});

function time(tokens: readonly Token[], at: number): Reading | null {
  const read = readTime(tokens, at);

  return read === null
    ? null
    : { item: { ...spanOf(tokens, at, read.next), kind: 'time', time: read.kind, span: read.span }, next: read.next };
}

/** What stands between quotation marks is a name, whatever it says. */
function quote(tokens: readonly Token[], at: number): Reading | null {
  const closing = quotes[tokens[at]?.text ?? ''];

  if (closing === undefined) {
    return null;
  }
  const end = tokens.slice(at + 1, at + 2 + mostInName).findIndex(({ text }) => text === closing || text === '"');

  return end < 1 ? null : { item: { ...spanOf(tokens, at + 1, at + 1 + end), kind: 'quote' }, next: at + 2 + end };
}

function phrase(tokens: readonly Token[], at: number): Reading | null {
  const read = readPhrase(tokens, at);

  // “Đóng cửa hàng”
  if (read?.phrase.text === 'đóng cửa' && tokens[read.next]?.text === 'hang') {
    return {
      item: { ...spanOf(tokens, at, at + 1), kind: 'concept', concept: 'drop', key: null, text: 'đóng' },
      next: at + 1,
    };
  }
  if (read === null || isCutShort(tokens, read)) {
    return null;
  }
  const { concept, key, text } = read.phrase;

  return { item: { ...spanOf(tokens, at, read.next), kind: 'concept', concept, key, text }, next: read.next };
}

/** “Giao hàng tháng” is to bring every month. */
function isCutShort(tokens: readonly Token[], { phrase: { concept }, next }: PhraseRead): boolean {
  const [last, after] = [tokens[next - 1]?.text, tokens[next]?.text ?? ''];

  return concept === 'otherOrder' && last === 'hang' && timeUnits[after] !== undefined;
}

export const isConcept = (item: Item | undefined, ...concepts: readonly Concept[]): boolean =>
  item?.kind === 'concept' && concepts.includes(item.concept);

export const isText = (item: Item | undefined, texts: RegExp): boolean =>
  item?.kind === 'concept' && texts.test(item.text);

/** An amount with its currency or shape of a price, and no mere number. */
export const isPrice = (item: Item | undefined): boolean => item?.kind === 'amount' && !item.amount.isBare;

/** What may stand between a noun or a name and what is said of it: “Pro: 199k”, “Pro – 199k”. */
export const isMark = (item: Item | undefined): boolean => item?.kind === 'break' && /^[:–-]$/.test(item.text);
