import { AppError } from '../../errors';
import { type DateSpan, lastDayOf } from '../../calendar/billing-period-rules';
import {
  calendarMonthsBetween,
  daysBetween,
  daysInMonth,
  type LocalDate,
  parseLocalDate,
} from '../../calendar/calendar-rules';
import { multiplyRatios, ONE, type Ratio, ratio, roundHalfUp, roundToPlaces, ZERO } from '../../money/ratio-rules';

/**
 * What part of a period's price is due for part of the period.
 *
 * One engine, five conventions; which one holds is a setting of the company and never of the code that asks. All of
 * them agree that a span is [start, end), that a whole billing period costs exactly its price, and that money is rounded
 * once, half up, when the line is made.
 *
 * | convention             | share of the price                                          |
 * |------------------------|-------------------------------------------------------------|
 * | `by_day_exclusive_end` | days / days of the period                                   |
 * | `by_day_inclusive`     | days from first to last day, both counted / days of period  |
 * | `by_second`            | seconds / seconds of the period                             |
 * | `thirty_360`           | days / days where every month has 30 of them                |
 * | `none`                 | nothing: part of a period is neither charged nor given back |
 *
 * A period that is not made of months, such as a week, keeps the days that it has, whatever a month is taken to be.
 */
export const prorationConventions = [
  'by_second',
  'by_day_exclusive_end',
  'by_day_inclusive',
  'thirty_360',
  'none',
] as const;
export type ProrationConvention = (typeof prorationConventions)[number];

export interface ProrationSettings {
  readonly convention: ProrationConvention;
  /**
   * Days that every month is taken to have, by the two day conventions; 0 or absent: the days it really has. With 30,
   * `by_day_inclusive` is what others call actual/360.
   */
  readonly fixedDaysOfMonth?: number;
}

/**
 * Decimal places in which shares of a period are shown, each rounded half up. Amounts come from the exact share: nine
 * places would move a line by a unit and more from a price of 10^9 minor units on.
 */
export const CYCLE_PLACES = 9;

/** A share as it is shown, and as shown shares are summed. */
export function shownShare(share: Ratio): Ratio {
  return roundToPlaces(share, CYCLE_PLACES);
}

/**
 * A stretch of service: local dates of the billing account, and for `by_second` the same two moments in epoch
 * milliseconds (`zoned-calendar.ts` finds them).
 */
export interface ServiceSpan extends DateSpan {
  readonly startsAt?: number;
  readonly endsAt?: number;
}

/**
 * The share of a whole period that a part of it makes. The part may be longer than the period (a share above one) and
 * need not lie inside it: which period is the denominator is the caller's rule, as with stubs.
 *
 * @throws AppError invalid_date_sequence when a span ends before it starts
 * @throws RangeError when `by_second` is asked about spans without instants, or the period has no length
 */
export function shareOfPeriod(part: ServiceSpan, whole: ServiceSpan, settings: ProrationSettings): Ratio {
  if (part.end < part.start || whole.end < whole.start) {
    throw new AppError('invalid_date_sequence', { detail: 'A span of service cannot end before it starts.' });
  }
  if (isWholePeriod(part, whole, settings)) {
    return ONE;
  }

  const fixed = fixedDaysOfMonth(whole, settings);

  switch (settings.convention) {
    case 'by_second':
      return ratio(secondsOf(part), secondsOf(whole));
    case 'by_day_exclusive_end':
      return ratio(fixed === 0 ? daysOf(part) : daysByFixedMonths(part, fixed), lengthInDays(whole, fixed));
    case 'by_day_inclusive':
      return ratio(daysBothEndsCounted(part), lengthInDays(whole, fixed));
    case 'thirty_360':
      return ratio(fixed === 0 ? daysOf(part) : daysOfThirtyDayMonths(part), lengthInDays(whole, fixed));
    case 'none':
      return ZERO;
  }
}

/** A line for service: a price, the days it is for, and the period those days are measured by. */
export interface ServiceLine {
  /** minor units for one seat and one whole period */
  readonly price: bigint;
  /** seats, 1 when absent */
  readonly quantity?: bigint;
  readonly service: ServiceSpan;
  readonly denominator: ServiceSpan;
  readonly proration: ProrationSettings;
}

/** What service costs before tax, or gives back: share × price × quantity in minor units, rounded half up once. */
export function serviceAmount(line: ServiceLine): bigint {
  return roundHalfUp(serviceValue(line));
}

/** The same before it is rounded. */
export function serviceValue({ price, quantity = 1n, service, denominator, proration }: ServiceLine): Ratio {
  return multiplyRatios(ratio(price), shareOfPeriod(service, denominator, proration), ratio(quantity));
}

/** A price's share, times a quantity, in minor units: exact until it is rounded here, once, half up. */
export function prorate(price: bigint, share: Ratio, quantity = 1n): bigint {
  return roundHalfUp(multiplyRatios(ratio(price), share, ratio(quantity)));
}

/** With a fixed length N of the month, from day to day: over the end of a month it is (N − first day) + last day. */
function daysByFixedMonths({ start, end }: DateSpan, fixed: number): number {
  return calendarMonthsBetween(start, end) * fixed + parseLocalDate(end).day - parseLocalDate(start).day;
}

/** First to last day, both counted. A span's last day is the one before its end. */
function daysBothEndsCounted(span: DateSpan): number {
  return daysBetween(span.start, lastDayOf(span)) + 1;
}

/** As above, where the 31st and the last day of February count as the 30th. Hours of one date are no day, on those as on others. */
function daysOfThirtyDayMonths(span: DateSpan): number {
  if (span.start === span.end) {
    return 0;
  }
  const last = lastDayOf(span);
  const months = calendarMonthsBetween(span.start, last);

  return months * 30 + dayOfThirty(last) - dayOfThirty(span.start) + 1;
}

function dayOfThirty(date: LocalDate): number {
  const { year, month, day } = parseLocalDate(date);

  return day === 31 || (month === 2 && day === daysInMonth(year, month)) ? 30 : day;
}

const daysOf = ({ start, end }: DateSpan): number => daysBetween(start, end);

/** Days of a period: the real ones where `fixed` is 0, else that many for each of its months. */
function lengthInDays(whole: DateSpan, fixed: number): number {
  return fixed === 0 ? daysOf(whole) : calendarMonthsBetween(whole.start, whole.end) * fixed;
}

/**
 * How many days each month of a period is taken to have; 0 where all days are counted as they are, as in a period that is
 * not made of months: a week, or 30 days from the 31st on.
 */
function fixedDaysOfMonth(whole: DateSpan, settings: ProrationSettings): number {
  const months = calendarMonthsBetween(whole.start, whole.end);
  const isMadeOfMonths = months > 0 && daysOf(whole) >= months * 28;

  if (!isMadeOfMonths) {
    return 0;
  }

  return settings.convention === 'thirty_360' ? 30 : (settings.fixedDaysOfMonth ?? 0);
}

/**
 * The whole period is one and needs no count. Actual days over months of a fixed length (actual/360) are the exception:
 * there a month of 31 days is meant to come to 31/30.
 */
function isWholePeriod(part: ServiceSpan, whole: ServiceSpan, settings: ProrationSettings): boolean {
  if (settings.convention === 'by_day_inclusive' && (settings.fixedDaysOfMonth ?? 0) > 0) {
    return false;
  }

  const isSameDays = part.start === whole.start && part.end === whole.end;
  const isSameInstants = part.startsAt === whole.startsAt && part.endsAt === whole.endsAt;

  return isSameDays && (isSameInstants || settings.convention !== 'by_second');
}

function secondsOf({ startsAt, endsAt }: ServiceSpan): bigint {
  if (startsAt === undefined || endsAt === undefined) {
    throw new RangeError('Proration by second needs the instants of a span.');
  }

  return BigInt(Math.floor(endsAt / 1000)) - BigInt(Math.floor(startsAt / 1000));
}
