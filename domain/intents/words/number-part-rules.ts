import { type Ratio, ratio } from '../../money/ratio-rules';
import { readDigits, type Digits } from './digit-rules';
import { englishOnes, englishTeens, englishTens, vietnameseDigits } from './number-words';
import { type Token, writtenOf } from './token-rules';

/** A number up to the next word for thousands or more. */
export interface NumberPart {
  value: Ratio;
  /** Of the token after it. */
  next: number;
  shape: Digits['shape'] | 'words';
  isUnclear: boolean;
}

const textAt = (tokens: readonly Token[], at: number): string => tokens[at]?.said ?? '';
const words = (value: number, next: number, isUnclear = false): NumberPart => ({
  value: ratio(value),
  next,
  shape: 'words',
  isUnclear,
});

/** @returns what stands at a token as digits or words below a thousand; null where it is none */
export function readPart(tokens: readonly Token[], at: number): NumberPart | null {
  const token = tokens[at];

  if (token === undefined || token.kind === 'sign') {
    return null;
  }
  const spoken = readVietnamese(tokens, at) ?? readEnglish(tokens, at);

  return spoken ?? (token.kind === 'number' ? readWritten(tokens, at, token) : null);
}

/** Digits; also in groups with spaces, as 1 500 000. */
function readWritten(tokens: readonly Token[], at: number, token: Token): NumberPart {
  const isGroup = (index: number) => tokens[index]?.kind === 'number' && /^\d{3}$/.test(textAt(tokens, index));
  let next = at + 1;

  while (isGroup(next)) {
    next += 1;
  }
  const groups = tokens.slice(at, next).map(({ text }) => text);
  const areGroups = /^\d{1,3}$/.test(token.said) && (groups.length > 2 || groups[1] === '000');

  return areGroups
    ? { value: ratio(BigInt(groups.slice(0, 6).join(''))), next, shape: 'thousands', isUnclear: groups.length > 6 }
    : { ...readDigits(token.said), next: at + 1, isUnclear: false };
}

function digitAt(tokens: readonly Token[], at: number): number | null {
  const text = textAt(tokens, at);

  return /^[1-9]$/.test(text) ? Number(text) : (vietnameseDigits[text] ?? null);
}

/** Một trăm chín mươi chín, trăm rưỡi, hai mươi, mười lăm, hai. A digit alone is read only as a word. */
function readVietnamese(tokens: readonly Token[], at: number): NumberPart | null {
  const digit = digitAt(tokens, at);
  const hundreds = textAt(tokens, at) === 'tram' ? 1 : textAt(tokens, at + 1) === 'tram' ? digit : null;

  if (hundreds !== null) {
    const after = textAt(tokens, at) === 'tram' ? at + 1 : at + 2;

    return afterHundreds(tokens, after, hundreds * 100);
  }
  const tens = readTens(tokens, at);

  if (tens !== null) {
    return tens;
  }

  // Tư, lăm and không are no numbers by themselves.
  const isPart = /^(tu|lam|nham|khong)$/.test(textAt(tokens, at));

  return digit === null || isPart || tokens[at]?.kind === 'number' ? null : words(digit, at + 1);
}

function afterHundreds(tokens: readonly Token[], at: number, hundreds: number): NumberPart {
  const text = textAt(tokens, at);
  const digit = digitAt(tokens, at);

  if (text === 'ruoi') {
    return words(hundreds + 50, at + 1);
  }
  if (text === 'linh' || text === 'le') {
    const ones = digitAt(tokens, at + 1);

    return ones === null ? words(hundreds, at) : words(hundreds + ones, at + 2);
  }
  const tens = readTens(tokens, at);

  if (tens !== null) {
    return { ...tens, value: ratio(tens.value.numerator + BigInt(hundreds)) };
  }
  if (digit === null || tokens[at]?.kind === 'number') {
    return words(hundreds, at);
  }
  const second = digitAt(tokens, at + 1);
  const isShort = second !== null && tokens[at + 1]?.kind === 'word' && !isUnitOfTime(tokens, at + 1);

  // Trăm chín chín: 199. Trăm hai nghìn is 120 thousand for some, and 102 for others.
  return isShort ? words(hundreds + digit * 10 + second, at + 2) : words(hundreds + digit, at + 1, true);
}

/** `nam` is five, and a year. */
const isUnitOfTime = (tokens: readonly Token[], at: number): boolean =>
  textAt(tokens, at) === 'nam' && !/^(nghin|ngan|trieu|tram|muoi|k)$/.test(textAt(tokens, at + 1));

/** So they are called behind tens alone. */
const onesOfTens: Readonly<Record<string, number>> = { mốt: 1, lăm: 5, nhăm: 5 };

function readTens(tokens: readonly Token[], at: number): NumberPart | null {
  const digit = digitAt(tokens, at);
  const isTen = textAt(tokens, at) === 'muoi';
  const isTens = digit !== null && /^(muoi|chuc)$/.test(textAt(tokens, at + 1));
  const short = isTen || digit === null || digit === 0 ? undefined : onesOfTens[writtenOf(tokens[at + 1])];

  // Hai mốt, ba lăm: 21 and 35, where the tens are left unsaid.
  if (short !== undefined && tokens[at]?.kind === 'word') {
    return words((digit ?? 0) * 10 + short, at + 2);
  }
  if (!isTen && !isTens) {
    return null;
  }
  const next = isTen ? at + 1 : at + 2;
  const value = isTen ? 10 : (digit ?? 0) * 10;
  const ones = tokens[next]?.kind === 'word' && !isUnitOfTime(tokens, next) ? digitAt(tokens, next) : null;

  return ones === null || ones === 0 ? words(value, next) : words(value + ones, next + 1);
}

/** One hundred and ninety-nine, a hundred, twenty, twelve. */
function readEnglish(tokens: readonly Token[], at: number): NumberPart | null {
  const isOneOf = /^(a|an)$/.test(textAt(tokens, at)) && /^(hundred|thousand|million)$/.test(textAt(tokens, at + 1));
  const first = isOneOf ? words(1, at + 1) : belowHundred(tokens, at);

  if (first === null || textAt(tokens, first.next) !== 'hundred') {
    return first;
  }
  const hundreds = Number(first.value.numerator) * 100;
  const after = first.next + 1;
  const rest = belowHundred(tokens, textAt(tokens, after) === 'and' ? after + 1 : after);

  return rest === null
    ? words(hundreds, after)
    : words(hundreds + Number(rest.value.numerator), rest.next, rest.isUnclear);
}

function belowHundred(tokens: readonly Token[], at: number): NumberPart | null {
  const text = textAt(tokens, at);
  const tens = englishTens[text];
  const ones = englishOnes[textAt(tokens, at + 1)];

  if (tens !== undefined) {
    return ones === undefined ? words(tens, at + 1) : words(tens + ones, at + 2);
  }
  const small = englishOnes[text] ?? englishTeens[text];

  if (small === undefined) {
    return null;
  }
  const cents = englishTens[textAt(tokens, at + 1)];

  // Nine ninety-nine is 9.99 for some, and 999 for others.
  return cents === undefined
    ? words(small, at + 1)
    : words(
        small * 100 + cents + (englishOnes[textAt(tokens, at + 2)] ?? 0),
        at + (englishOnes[textAt(tokens, at + 2)] === undefined ? 2 : 3),
        true,
      );
}
