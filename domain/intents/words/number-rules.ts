import { addRatios, multiplyRatios, type Ratio, ratio } from '../../money/ratio-rules';
import { type NumberPart, readPart } from './number-part-rules';
import { scales, scalesAfterDigits, scalesGluedToDigits } from './number-words';
import { timeUnits } from './time-words';
import { type Token, writtenOf } from './token-rules';

export interface NumberRead {
  value: Ratio;
  /** Of the token after it. */
  next: number;
  shape: NumberPart['shape'];
  /** What its last part was multiplied by; null: by nothing. */
  scale: bigint | null;
  /** It can be read in two ways. */
  isUnclear: boolean;
}

/**
 * Reads a number as people say prices: 199, 1tr2, 2 triệu rưỡi, một triệu hai, nửa triệu, a hundred thousand.
 * @returns null where no number begins
 */
export function readNumber(tokens: readonly Token[], from: number): NumberRead | null {
  const half = readHalf(tokens, from);

  if (half !== null) {
    return half;
  }
  const first = readPart(tokens, from) ?? unsaidOne(tokens, from);

  if (first === null) {
    return null;
  }
  const other = readBetween(tokens, from, first);

  if (other !== null) {
    return other;
  }
  let scale = readScale(tokens, first.next, first);

  if (scale === null) {
    return { ...first, scale: null };
  }
  let value = multiplyRatios(first.value, ratio(scale));
  let next = first.next + 1;
  let { isUnclear } = first;
  // 1.234 triệu is one million and a bit, or a thousand of them.
  isUnclear ||= scale > 1_000n && first.shape.startsWith('grouped');

  for (;;) {
    if (tokens[next]?.said === 'ruoi') {
      return { ...first, value: addRatios(value, ratio(scale, 2n)), next: next + 1, scale, isUnclear };
    }
    const part = readPart(tokens, next) ?? readFour(tokens, next);
    const smaller: bigint | null = part === null ? null : readScale(tokens, part.next, part);

    if (part === null) {
      break;
    }
    if (smaller === null) {
      const tail = readTail(tokens, { part, at: next, scale, first });
      value = addRatios(value, tail?.value ?? ratio(0));
      next = tail?.next ?? next;
      isUnclear ||= tail?.isUnclear ?? false;
      break;
    }
    if (smaller >= scale) {
      break;
    }
    value = addRatios(value, multiplyRatios(part.value, ratio(smaller)));
    next = part.next + 1;
    scale = smaller;
    isUnclear ||= part.isUnclear;
  }

  return { value, next, shape: first.shape, scale, isUnclear: isUnclear || isScaledAgain(tokens, next) };
}

/** Triệu rưỡi, triệu hai: a million and … ; mấy triệu rưỡi is no number. */
function unsaidOne(tokens: readonly Token[], at: number): NumberPart | null {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const isMore = after?.said === 'ruoi' || isSurelyDigit(after);
  const isCounted = before?.kind === 'number' || /^(may|vai|nhieu|chuc|tram|hang|bac|tien)$/.test(before?.said ?? '');

  return token?.said === 'trieu' && isMore && !isCounted
    ? { value: ratio(1), next: at, shape: 'words', isUnclear: false }
    : null;
}

/** 99 tỷ tỷ, 5 million thousand: a scale that is left over. `k` is no scale there, but không. */
const isScaledAgain = (tokens: readonly Token[], at: number): boolean => {
  const text = tokens[at]?.said ?? '';

  return (
    text.length > 1 && scales[text] !== undefined && !scalesAfterDigits.has(text) && !scalesGluedToDigits.has(text)
  );
};

/** Tám chín nghìn, một hai trăm nghìn: somewhere between the two, or 89. */
function readBetween(tokens: readonly Token[], from: number, first: NumberPart): NumberRead | null {
  const isDigit = first.next === from + 1 && (isSurelyDigit(tokens[from]) || writtenOf(tokens[from]) === 'một');
  const other = isDigit && isSurelyDigit(tokens[from + 1]) ? readNumber(tokens, from + 1) : null;

  return other === null || (other.scale === null && other.value.numerator < 10n) ? null : { ...other, isUnclear: true };
}

/** Nửa triệu, half a million. */
function readHalf(tokens: readonly Token[], from: number): NumberRead | null {
  const text = tokens[from]?.said;
  const at = text === 'nua' ? from + 1 : text === 'half' && tokens[from + 1]?.said === 'a' ? from + 2 : -1;
  const scale = at < 0 ? undefined : scales[tokens[at]?.said ?? ''];

  return scale === undefined
    ? null
    : { value: ratio(scale, 2n), next: at + 1, shape: 'words', scale, isUnclear: false };
}

function readScale(tokens: readonly Token[], at: number, before: NumberPart): bigint | null {
  const token = tokens[at];
  const scale = token === undefined ? undefined : scales[token.said];

  if (token === undefined || scale === undefined) {
    return null;
  }
  const isOther =
    (scalesAfterDigits.has(token.said) && before.shape === 'words') ||
    (scalesGluedToDigits.has(token.said) && (before.shape === 'words' || !token.isGlued));

  return isOther ? null : scale;
}

/**
 * What is left unsaid after millions: 1tr2 and một triệu hai are 1,200,000, and so are 1 triệu 200 and một triệu hai trăm. What
 * stands before a unit of time belongs to it: 1 triệu 1 tháng.
 */
function readTail(
  tokens: readonly Token[],
  { part, at, scale, first }: { part: NumberPart; at: number; scale: bigint; first: NumberPart },
): { value: Ratio; next: number; isUnclear: boolean } | null {
  const token = tokens[at];
  const after = tokens[part.next]?.said ?? '';
  const isWord = part.shape === 'words';
  const isGlued = token?.isGlued === true && !isWord;
  const isAfterDigits = isWord && first.shape !== 'words';
  const isOfUnit =
    timeUnits[after] !== undefined || /^(goi|nguoi|ngay|lan|user|seat|phan|percent)$/.test(after) || after === '%';

  if (
    (!isGlued && scale < 1_000_000n) ||
    (part.shape !== 'whole' && !isWord) ||
    (!isGlued && !isWord && first.shape === 'words') ||
    (isAfterDigits && !isSurelyNumber(token, part))
  ) {
    return null;
  }
  if (!isGlued && isOfUnit) {
    const isOne = part.value.numerator === 1n && part.value.denominator === 1n;

    // Một triệu hai năm: two years, or a million and two hundred thousand a year.
    return isOne || part.value.numerator >= 10n ? null : { value: ratio(0), next: at, isUnclear: true };
  }
  if (token?.said === 'nam' && isWord && part.next === at + 1) {
    // Một triệu năm một tháng is a price; một triệu năm is one for a year, or half a million more.
    const isFollowed = /^(mot|moi|\/)$/.test(after);

    return isFollowed ? tenths(5n, 1, scale, part.next) : { value: ratio(0), next: at, isUnclear: true };
  }
  const digits = isWord ? part.value.numerator.toString().length : (token?.said.length ?? 0);

  if (digits > 3) {
    return null;
  }

  return {
    ...tenths(part.value.numerator, digits, scale, part.next),
    isUnclear: part.isUnclear || (isWord && digits === 2) || (isAfterDigits && !endsPrice(tokens[part.next])),
  };
}

/** Ba triệu tư: 3,400,000. By itself it is no number, as từ and tủ are the same without their marks. */
const readFour = (tokens: readonly Token[], at: number): NumberPart | null =>
  writtenOf(tokens[at]) === 'tư' ? { value: ratio(4), next: at + 1, shape: 'words', isUnclear: false } : null;

/** 1 triệu hai, 1 triệu năm trăm: what is written as no other word is; một there begins “một tháng”. */
const isSurelyNumber = (token: Token | undefined, part: NumberPart): boolean =>
  part.value.numerator >= 100n || isSurelyDigit(token) || writtenOf(token) === 'mốt';

/** Sau is after, too, năm a year, and tu from. */
const isSurelyDigit = (token: Token | undefined): boolean =>
  /^(hai|ba|bốn|bon|tư|sáu|bảy|bẩy|tám|chín|chin)$/.test(writtenOf(token));

/** Before another word it may count what the word says: 1 triệu hai lớp. */
const endsPrice = (after: Token | undefined): boolean =>
  after === undefined ||
  after.kind === 'sign' ||
  /^(mot|moi|hang|dong|vnd|d|nhe|nha|nhen|a|thoi|cho|va|hoac|voi|co|gom)$/.test(after.text);

const tenths = (value: bigint, digits: number, scale: bigint, next: number) => ({
  value: ratio(value * scale, 10n ** BigInt(digits)),
  next,
  isUnclear: false,
});
