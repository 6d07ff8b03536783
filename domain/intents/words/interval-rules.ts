import { readNumber } from './number-rules';
import {
  everyWords,
  intervalWords,
  paymentWords,
  periodWords,
  type TimeSpan,
  type TimeUnit,
  timeUnits,
  unitsAfterSlash,
} from './time-words';
import type { Token } from './token-rules';

/**
 * Words about time. `interval`: again and again (mỗi tháng, /năm, every 2 weeks). `duration`: a number of them (14 ngày, one
 * month), an interval after a price. `first`: from a beginning on (3 tháng đầu). `unit`: nothing but the unit (199k tháng).
 */
export interface TimeRead {
  kind: 'interval' | 'duration' | 'first' | 'unit';
  span: TimeSpan;
  /** Of the token after it. */
  next: number;
}

/** @returns what is said about time at a token; null where nothing is */
export function readTime(tokens: readonly Token[], from: number): TimeRead | null {
  const text = tokens[from]?.said ?? '';
  const word = intervalWords[text];

  if (word !== undefined) {
    return { kind: 'interval', span: word, next: from + 1 };
  }
  if (text === 'first' || (text === 'the' && tokens[from + 1]?.said === 'first')) {
    const at = text === 'the' ? from + 2 : from + 1;
    const span = readSpan(tokens, at) ?? readPeriods(tokens, at, true);

    return span === null ? null : { kind: 'first', ...span };
  }
  if (everyWords.has(text)) {
    const span = readSpan(tokens, from + 1, text === '/');
    // “A 14-day trial” is no interval, “a month” is.
    const isCounted = /^(a|an)$/.test(text) && span !== null && span.next > from + 2;

    return span === null || isCounted || isGoods(tokens, from)
      ? null
      : { kind: 'interval', span: span.span, next: afterOnce(tokens, span.next) };
  }

  return readCounted(tokens, from);
}

/** Hàng is every, and goods; `a` is a sigh. */
const isGoods = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.said === 'hang' && tokens[at - 1]?.said === 'ban';

/** 14 ngày, một tháng, nửa năm, tháng; with đầu or một lần after it. */
function readCounted(tokens: readonly Token[], from: number): TimeRead | null {
  const paid = readPeriods(tokens, from, true);
  const isFor = /^(trong|cho|for|in)$/.test(tokens[from - 1]?.text ?? '') && tokens[from]?.kind === 'number';
  const counted =
    readSpan(tokens, from) ??
    (isFor || tokens[paid?.next ?? -1]?.said === 'dau' ? paid : readPeriods(tokens, from, false));

  if (counted === null) {
    return null;
  }
  const { span, next } = counted;
  const after = tokens[next]?.said;

  if (after === 'dau') {
    return { kind: 'first', span, next: tokens[next + 1]?.said === 'tien' ? next + 2 : next + 1 };
  }
  const once = afterOnce(tokens, next);

  if (once > next) {
    return { kind: 'interval', span, next: once };
  }

  return { kind: timeUnits[tokens[from]?.said ?? ''] === undefined ? 'duration' : 'unit', span, next };
}

/** 3 tháng một lần. */
function afterOnce(tokens: readonly Token[], at: number): number {
  return /^(mot|1)$/.test(tokens[at]?.said ?? '') && tokens[at + 1]?.said === 'lan' ? at + 2 : at;
}

function readSpan(tokens: readonly Token[], at: number, isAfterSlash = false): { span: TimeSpan; next: number } | null {
  const text = tokens[at]?.said ?? '';
  const unit = unitOf(text, isAfterSlash);

  if (unit !== null) {
    return withHalf(tokens, { unit, count: 1 }, at + 1);
  }
  if (text === 'nua' || text === 'half') {
    const next = tokens[at + 1]?.said === 'a' ? at + 2 : at + 1;

    return unitOf(tokens[next]?.said ?? '') === 'year' ? { span: { unit: 'month', count: 6 }, next: next + 1 } : null;
  }
  if (/^(other|second)$/.test(text)) {
    const other = unitOf(tokens[at + 1]?.said ?? '');

    return other === null ? null : { span: { unit: other, count: 2 }, next: at + 2 };
  }
  const number = readNumber(tokens, at);
  const counted = number === null ? null : unitOf(tokens[number.next]?.said ?? '');

  if (number === null || counted === null || number.scale !== null || number.value.denominator !== 1n) {
    return null;
  }

  return withHalf(tokens, { unit: counted, count: Number(number.value.numerator) }, number.next + 1);
}

/** 2 kỳ thanh toán, two billing periods; of the first ones also kỳ and payments. */
function readPeriods(
  tokens: readonly Token[],
  at: number,
  isOfFirst: boolean,
): { span: TimeSpan; next: number } | null {
  const words = isOfFirst ? [...periodWords, ...paymentWords] : periodWords;
  const number = periodAt(tokens, at, words) === null ? readNumber(tokens, at) : null;
  const next = periodAt(tokens, number?.next ?? at, words);
  const count = number === null ? 1 : Number(number.value.numerator);
  const isWhole = number === null || (number.scale === null && number.value.denominator === 1n);

  return next === null || !isWhole || (number === null && !isOfFirst)
    ? null
    : { span: { unit: 'period', count }, next };
}

/** @returns the place after the word for a billing period; null where none begins */
function periodAt(tokens: readonly Token[], at: number, known: readonly (readonly string[])[]): number | null {
  const found = known.find((words) => words.every((word, index) => tokens[at + index]?.text === word));

  return found === undefined ? null : at + found.length;
}

/** Một tháng rưỡi, hai năm rưỡi. */
const withHalf = (tokens: readonly Token[], span: TimeSpan, next: number): { span: TimeSpan; next: number } =>
  tokens[next]?.said === 'ruoi' ? { span: { ...span, count: span.count + 0.5 }, next: next + 1 } : { span, next };

const unitOf = (text: string, isAfterSlash = false): TimeUnit | null =>
  timeUnits[text] ?? (isAfterSlash ? unitsAfterSlash[text] : undefined) ?? null;

/** Days that a trial of so long has; a month is thirty, a year 365. */
export function daysOf({ unit, count }: TimeSpan): number | null {
  const days = { hour: null, day: 1, week: 7, month: 30, quarter: 90, year: 365, period: null }[unit];

  return days === null ? null : Math.ceil(days * count);
}

/** @returns the cycle that plans are sold in; null for every other one */
export function cycleOf({ unit, count }: TimeSpan): 'monthly' | 'yearly' | null {
  if (unit === 'month') {
    return count === 1 ? 'monthly' : count === 12 ? 'yearly' : null;
  }

  return unit === 'year' && count === 1 ? 'yearly' : null;
}
