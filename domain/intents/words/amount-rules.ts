import { currencyDigits, isCurrency, unitOf } from '../../money/currency-rules';
import { addRatios, multiplyRatios, type Ratio, ratio } from '../../money/ratio-rules';
import { currencySigns, currencyTails, currencyWords, currencyPrefixes, dollarPrefixes } from './currency-words';
import { type NumberRead, readNumber } from './number-rules';
import { timeUnits } from './time-words';
import type { Token } from './token-rules';

/** An amount as it was written, in whole units of its currency: 9.99 for $9.99. */
export interface Amount {
  value: Ratio;
  /** null: none was written. */
  currency: string | null;
  shape: NumberRead['shape'];
  scale: bigint | null;
  isNegative: boolean;
  isUnclear: boolean;
  /** Only digits or words: it may as well count something. */
  isBare: boolean;
  /** Of the token after it. */
  next: number;
}

/** Reads 199k, 199.000đ, 1tr2, $9.99, USD 9.99, ¥12000, 9 dollars and 99 cents. @returns null where none begins */
export function readAmount(tokens: readonly Token[], from: number): Amount | null {
  const isNegative = isMinus(tokens, from);
  const sign = readSign(tokens, isNegative ? from + 1 : from);
  const number = readNumber(tokens, sign.next);

  if (number === null || (number.shape === 'words' && sign.currency !== null)) {
    return null;
  }
  const cents = readCents(tokens, from, number);

  if (cents !== null) {
    return cents;
  }
  const word = readCurrencyWord(tokens, number.next);
  // “$15 AUD”
  const isTheirDollar = sign.currency === 'USD' && Object.values(dollarPrefixes).includes(word.currency ?? '');
  const currency = isTheirDollar ? word.currency : (sign.currency ?? word.currency);
  const amount: Amount = {
    ...number,
    currency,
    isNegative,
    isUnclear:
      number.isUnclear ||
      (!isTheirDollar && sign.currency !== null && word.currency !== null && sign.currency !== word.currency),
    isBare: currency === null && number.scale === null && !isNegative,
    next: word.next,
  };

  return withCents(tokens, amount);
}

/**
 * @param fallback the currency of what names none
 * @returns minor units; or why there are none: the amount can be read in two ways, or there is no such amount
 */
export function minorUnits(
  amount: Amount,
  fallback: string,
): { value: number; currency: string } | 'unclear' | 'impossible' {
  const currency = amount.currency ?? fallback;
  const digits = currencyDigits(currency);
  const minor = multiplyRatios(amount.value, ratio(unitOf(digits)));
  const isFraction = minor.denominator !== 1n;

  if (amount.isNegative) {
    return 'impossible';
  }
  if (amount.isUnclear || amount.shape === 'broken') {
    return 'unclear';
  }
  // $1.500 is a thousand and a half for some; 9.99 without a currency is no amount of đồng that anybody means.
  if (
    (amount.scale === null && digits > 0 && amount.shape === 'grouped-dot') ||
    (isFraction && amount.currency === null)
  ) {
    return 'unclear';
  }
  if (isFraction || minor.numerator > BigInt(Number.MAX_SAFE_INTEGER)) {
    return 'impossible';
  }
  // 199 a month is 199k for whoever leaves the thousands away, and 1.999 a month may be.
  const least = amount.currency === null && amount.scale === null ? 10_000n : 1_000n;

  if (currency === 'VND' && minor.numerator > 0n && minor.numerator < least) {
    return 'unclear';
  }

  return { value: Number(minor.numerator), currency };
}

/** A minus, which a dash between words is not. */
export function isMinus(tokens: readonly Token[], at: number): boolean {
  const [minus, after] = [tokens[at], tokens[at + 1]];
  const before = tokens[at - 1];

  if (/^(minus|negative|am)$/.test(minus?.said ?? '')) {
    return after?.kind === 'number' || currencySigns[after?.said ?? ''] !== undefined;
  }

  return (
    minus !== undefined &&
    /^[-−]$/.test(minus.said) &&
    after?.isGlued === true &&
    !(minus.isGlued && before !== undefined && before.kind !== 'sign')
  );
}

/** A sign or code before the number: $9.99, US$9.99, VND 199.000. */
function readSign(tokens: readonly Token[], at: number): { currency: string | null; next: number } {
  const token = tokens[at];
  const after = tokens[at + 1];
  const ofSign = currencySigns[token?.said ?? ''];

  if (ofSign !== undefined) {
    return { currency: ofSign, next: at + 1 };
  }
  const dollars = after?.said === '$' && after.isGlued ? dollarPrefixes[token?.text ?? ''] : undefined;

  if (dollars !== undefined) {
    return { currency: dollars, next: at + 2 };
  }
  const code = after?.kind === 'number' ? (currencyPrefixes[token?.text ?? ''] ?? codeOf(token)) : null;

  return code === null ? { currency: null, next: at } : { currency: code, next: at + 1 };
}

function codeOf(token: Token | undefined): string | null {
  if (token === undefined) {
    return null;
  }
  const isKnownWord = /^(vnd|usd|eur|gbp|jpy)$/.test(token.said);
  const isCode = /^[A-Z]{3}$/.test(token.written) && isCurrency(token.written);

  return isKnownWord || isCode ? token.said.toUpperCase() : null;
}

function readCurrencyWord(tokens: readonly Token[], at: number): { currency: string | null; next: number } {
  const [token, after] = [tokens[at], tokens[at + 1]];

  // “One $5 package”: the sign is of the number that it is glued to.
  if (token?.isGlued === false && after?.kind === 'number' && after.isGlued) {
    return { currency: null, next: at };
  }
  const currency = currencySigns[token?.said ?? ''] ?? currencyWords[token?.said ?? ''] ?? codeOf(token);

  if (currency === null || currency === undefined || (token?.said === 'vn' && tokens[at + 1]?.said !== 'd')) {
    return { currency: null, next: at };
  }
  const next = token?.said === 'vn' ? at + 2 : at + 1;
  const tail = currencyTails.find((words) => words.every((word, index) => tokens[next + index]?.said === word));

  return { currency, next: next + (tail?.length ?? 0) };
}

const isCents = (token: Token | undefined): boolean => /^(cent|cents|¢)$/.test(token?.said ?? '');

/** 99 cents. */
function readCents(tokens: readonly Token[], from: number, number: NumberRead): Amount | null {
  return isCents(tokens[number.next]) && number.scale === null
    ? {
        ...number,
        value: multiplyRatios(number.value, ratio(1, 100)),
        shape: 'decimal',
        currency: 'USD',
        isNegative: isMinus(tokens, from),
        isBare: false,
        next: number.next + 1,
      }
    : null;
}

/** 9 dollars and 99 cents, 12 dollars fifty, 10 đô rưỡi. */
function withCents(tokens: readonly Token[], amount: Amount): Amount {
  if (amount.currency !== null && tokens[amount.next]?.said === 'ruoi') {
    const value = addRatios(amount.value, ratio(1, 2));

    return { ...amount, value, isUnclear: amount.isUnclear || amount.scale !== null, next: amount.next + 1 };
  }
  const at = tokens[amount.next]?.said === 'and' ? amount.next + 1 : amount.next;
  const cents = amount.currency === null || amount.scale !== null ? null : readNumber(tokens, at);
  const isSaid = cents !== null && cents.shape !== 'broken' && isCents(tokens[cents.next]);

  return cents !== null && (isSaid || areCentsLeft(tokens, amount, cents, at))
    ? {
        ...amount,
        value: addRatios(amount.value, multiplyRatios(cents.value, ratio(1, 100))),
        isUnclear: amount.isUnclear || cents.isUnclear,
        next: isSaid ? cents.next + 1 : cents.next,
      }
    : amount;
}

/** Two digits right after a word for a currency that has cents, and not counting what follows. */
function areCentsLeft(tokens: readonly Token[], amount: Amount, cents: NumberRead, at: number): boolean {
  const [currency, after] = [tokens[at - 1], tokens[cents.next]?.said ?? ''];
  const hasCents = amount.currency !== null && currencyDigits(amount.currency) === 2;
  const isWhole = amount.value.denominator === 1n && cents.value.denominator === 1n && cents.scale === null;
  const isCounting = after === '%' || /^(percent|phan|pct|off)$/.test(after) || timeUnits[after] !== undefined;

  return (
    at === amount.next &&
    currency?.kind === 'word' &&
    hasCents &&
    isWhole &&
    cents.value.numerator >= 10n &&
    cents.value.numerator < 100n &&
    !isCounting
  );
}
