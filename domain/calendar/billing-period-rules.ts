import {
  addDays,
  addMonths,
  calendarMonthsBetween,
  dayOfWeek,
  daysBetween,
  type LocalDate,
  parseLocalDate,
  toLocalDate,
} from './calendar-rules';

/** A length of service: so many days or so many calendar months. */
export interface BillingPeriod {
  readonly unit: 'day' | 'month';
  readonly count: number;
}

/** A stretch of local dates [start, end): the end is the first day that no longer belongs to it. */
export interface DateSpan {
  readonly start: LocalDate;
  readonly end: LocalDate;
}

/** The last day that belongs to a span, as documents show it. */
export function lastDayOf(span: DateSpan): LocalDate {
  return addDays(span.end, -1);
}

/** The periods that plans and add-ons can name. */
export const BILLING_PERIODS = {
  daily: { unit: 'day', count: 1 },
  weekly: { unit: 'day', count: 7 },
  biweekly: { unit: 'day', count: 14 },
  thirty_days: { unit: 'day', count: 30 },
  thirty_one_days: { unit: 'day', count: 31 },
  sixty_days: { unit: 'day', count: 60 },
  ninety_days: { unit: 'day', count: 90 },
  monthly: { unit: 'month', count: 1 },
  bimonthly: { unit: 'month', count: 2 },
  quarterly: { unit: 'month', count: 3 },
  triannual: { unit: 'month', count: 4 },
  semiannual: { unit: 'month', count: 6 },
  yearly: { unit: 'month', count: 12 },
  eighteen_months: { unit: 'month', count: 18 },
  biennial: { unit: 'month', count: 24 },
  triennial: { unit: 'month', count: 36 },
} as const satisfies Record<string, BillingPeriod>;

export type BillingCycle = keyof typeof BILLING_PERIODS;

/** The date n periods after another, counted from that date and not step by step: 31 Jan + 2 months is 31 Mar. */
export function advance(date: LocalDate, period: BillingPeriod, periods: number): LocalDate {
  const steps = period.count * periods;

  return period.unit === 'month' ? addMonths(date, steps) : addDays(date, steps);
}

/** The anchor day in the month of a date, clamped to its length; it may lie before the date. */
export function alignToAnchorDay(date: LocalDate, anchorDay: number): LocalDate {
  assertAnchorDay(anchorDay);

  return addMonths(date, 0, anchorDay);
}

/**
 * The first billing date on or after the start. Months take the anchor day, clamped; when that has passed, one billing
 * period later, again from the anchor day. Periods of days take no notice of the anchor and begin on the start.
 */
export function firstBillingDate(start: LocalDate, anchorDay: number, period: BillingPeriod): LocalDate {
  if (period.unit === 'day') {
    return start;
  }

  const aligned = alignToAnchorDay(start, anchorDay);

  return aligned >= start ? aligned : billingDate(aligned, anchorDay, period, 1);
}

/**
 * Billing date n (0 is the first): always reached from the first date with the original anchor day, never from a
 * clamped one, so that 31 Jan, 28 Feb is followed by 31 Mar (D19).
 */
export function billingDate(first: LocalDate, anchorDay: number, period: BillingPeriod, n: number): LocalDate {
  if (period.unit === 'day') {
    return addDays(first, period.count * n);
  }
  assertAnchorDay(anchorDay);

  return addMonths(first, period.count * n, anchorDay);
}

/** The number of the last billing date on or before a date; negative when the date lies before the first one. */
export function billingDateIndex(
  first: LocalDate,
  anchorDay: number,
  period: BillingPeriod,
  onOrBefore: LocalDate,
): number {
  if (period.unit === 'day') {
    return Math.floor(daysBetween(first, onOrBefore) / period.count);
  }

  // At most one step too far: the month is right, but the day may not have come yet.
  const guess = Math.floor(calendarMonthsBetween(first, onOrBefore) / period.count);

  return billingDate(first, anchorDay, period, guess) <= onOrBefore ? guess : guess - 1;
}

/** The first billing date that is later than a date and not before the first one. */
export function nextBillingDateAfter(
  first: LocalDate,
  anchorDay: number,
  period: BillingPeriod,
  after: LocalDate,
): LocalDate {
  const index = Math.max(billingDateIndex(first, anchorDay, period, after) + 1, 0);

  return billingDate(first, anchorDay, period, index);
}

/**
 * The first billing date on or after a proposed date: the anchor day for months; for days, a whole number of periods
 * after the date the row began on, and the anchor day is ignored.
 */
export function nextBillingDateOnOrAfter(
  rowStart: LocalDate,
  anchorDay: number,
  period: BillingPeriod,
  proposed: LocalDate,
): LocalDate {
  if (period.unit === 'month') {
    return firstBillingDate(proposed, anchorDay, period);
  }

  const periods = Math.ceil(daysBetween(rowStart, proposed) / period.count);

  return addDays(rowStart, periods * period.count);
}

/** Whether the calendar has such periods: days, weeks, and months that make a year; not 30 days, nor two years. */
export function isCalendarPeriod({ unit, count }: BillingPeriod): boolean {
  return unit === 'day' ? count === 1 || count === 7 : 12 % count === 0;
}

/**
 * The calendar period that a date lies in: weeks from Monday to Sunday, months, quarters from January, years.
 * @throws RangeError for a period that no calendar names, as 30 days or five months.
 */
export function calendarPeriodContaining(date: LocalDate, period: BillingPeriod): DateSpan {
  if (!isCalendarPeriod(period)) {
    throw new RangeError(`No calendar period of ${period.count} ${period.unit}s.`);
  }
  if (period.unit === 'day') {
    const start = period.count === 1 ? date : addDays(date, 1 - dayOfWeek(date));

    return { start, end: addDays(start, period.count) };
  }

  const { year, month } = parseLocalDate(date);
  const start = toLocalDate({ year, month: month - ((month - 1) % period.count), day: 1 });

  return { start, end: addMonths(start, period.count) };
}

/** The anchor day of a subscription: the local day of the month it began on, kept for ever (D19). */
export function anchorDayOf(start: LocalDate): number {
  return parseLocalDate(start).day;
}

function assertAnchorDay(anchorDay: number): void {
  if (!Number.isInteger(anchorDay) || anchorDay < 1 || anchorDay > 31) {
    throw new RangeError(`An anchor day is 1 to 31, not ${anchorDay}.`);
  }
}
