import {
  addDays,
  addMonths,
  daysBetween,
  earlierOf,
  firstOfMonth,
  fromDayNumber,
  laterOf,
  type LocalDate,
  toDayNumber,
} from './calendar-rules';
import { ratio, roundHalfUp } from './ratio-rules';

/**
 * When the amount of a line becomes revenue: by the seconds of its service in each month, by the days touched (the last
 * one not counted), or in equal parts by the months touched (the last one not counted). Months and days are UTC.
 */
export type RevenueMode = 'by_second' | 'by_day' | 'evenly_by_month';

export interface RevenueOfMonth {
  /** First day of the month. */
  readonly month: LocalDate;
  /** Recognised in the month, minor units. */
  readonly recognised: bigint;
  /** How deferred revenue changes: up by what is left in the first month, then down as it is recognised. */
  readonly deferredChange: bigint;
  /** Left to recognise at the end of the month. */
  readonly deferred: bigint;
}

const MS_PER_DAY = 86_400_000;

export interface RevenueSource {
  /** minor units */
  readonly amount: bigint;
  /** Given back by credit notes before it was recognised, as a positive size. */
  readonly credited?: bigint;
  /** epoch milliseconds */
  readonly startsAt: number;
  /** epoch milliseconds, after the start */
  readonly endsAt: number;
  readonly mode: RevenueMode;
}

/**
 * The schedule of an amount, less its credit notes, over its service [startsAt, endsAt). Each month is rounded half up
 * and the last takes the rest, so the months sum to the amount.
 *
 * @throws RangeError for service without a length
 */
export function revenueSchedule({ amount, credited = 0n, startsAt, endsAt, mode }: RevenueSource): RevenueOfMonth[] {
  if (endsAt <= startsAt) {
    throw new RangeError('Revenue is recognised over service that has a length.');
  }

  const toRecognise = amount - credited;
  const weights = monthsTouched(startsAt, endsAt)
    .map((month) => ({ month, weight: weightOf(month, startsAt, endsAt, mode) }))
    .filter(({ weight }) => weight > 0);
  const whole = weights.reduce((sum, { weight }) => sum + weight, 0);

  let left = toRecognise;

  return weights.map(({ month, weight }, index) => {
    const isLast = index === weights.length - 1;
    const recognised = isLast ? left : roundHalfUp(ratio(toRecognise * BigInt(weight), whole));
    left -= recognised;

    return { month, recognised, deferred: left, deferredChange: index === 0 ? left : -recognised };
  });
}

/** Service given in UTC days [start, end) as instants. */
export function serviceDays(start: LocalDate, end: LocalDate): Pick<RevenueSource, 'startsAt' | 'endsAt'> {
  return { startsAt: toDayNumber(start) * MS_PER_DAY, endsAt: toDayNumber(end) * MS_PER_DAY };
}

/** What several lines bring in one month together. */
export function revenueOfMonth(month: LocalDate, schedules: readonly (readonly RevenueOfMonth[])[]): bigint {
  return schedules.flat().reduce((sum, entry) => (entry.month === month ? sum + entry.recognised : sum), 0n);
}

/** How much of the service a month holds, in the unit of the mode. */
function weightOf(month: LocalDate, startsAt: number, endsAt: number, mode: RevenueMode): number {
  const nextMonth = addMonths(month, 1);
  const firstDay = dateOf(startsAt);
  // The day in which service ends is cut; service inside a single day still counts as that one.
  const endDay = laterOf(dateOf(endsAt), addDays(firstDay, 1));

  switch (mode) {
    case 'by_second': {
      const from = Math.max(startsAt, toDayNumber(month) * MS_PER_DAY);
      const to = Math.min(endsAt, toDayNumber(nextMonth) * MS_PER_DAY);
      return Math.max(Math.floor((to - from) / 1000), 0);
    }
    case 'by_day':
      return Math.max(daysBetween(laterOf(firstDay, month), earlierOf(endDay, nextMonth)), 0);
    case 'evenly_by_month':
      return month < laterOf(firstOfMonth(dateOf(endsAt)), addMonths(firstOfMonth(firstDay), 1)) ? 1 : 0;
  }
}

function monthsTouched(startsAt: number, endsAt: number): LocalDate[] {
  const months: LocalDate[] = [];
  const last = firstOfMonth(dateOf(endsAt));
  for (let month = firstOfMonth(dateOf(startsAt)); month <= last; month = addMonths(month, 1)) {
    months.push(month);
  }

  return months;
}

function dateOf(epochMilliseconds: number): LocalDate {
  return fromDayNumber(Math.floor(epochMilliseconds / MS_PER_DAY));
}
