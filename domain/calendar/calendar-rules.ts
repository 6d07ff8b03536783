/**
 * The calendar of plain local dates: no time zone, no clock, only whole days counted in integers. Which local date an
 * instant falls on is asked of `zoned-calendar.ts`; from there on billing works with these dates alone.
 */

/** A local date 'YYYY-MM-DD', years 0001 to 9999. Two such texts compare as their dates do. */
export type LocalDate = string;

export interface DateParts {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  /** 1 to 31 */
  readonly day: number;
}

/** @throws RangeError for a text that is no date of the calendar, as '2023-02-29'. */
export function parseLocalDate(date: LocalDate): DateParts {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (!match || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    throw new RangeError(`Not a date: ${JSON.stringify(date)}`);
  }

  return { year, month, day };
}

/** @throws RangeError when the parts are no date of the calendar. */
export function toLocalDate({ year, month, day }: DateParts): LocalDate {
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  parseLocalDate(date);

  return date;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) {
    return isLeapYear(year) ? 29 : 28;
  }

  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return fromDayNumber(toDayNumber(date) + days);
}

/**
 * The same day so many calendar months later (or earlier), clamped to the length of that month: 31 January plus one
 * month is 28 February. A given day of the month is clamped in place of the date's own.
 */
export function addMonths(date: LocalDate, months: number, dayOfMonth?: number): LocalDate {
  const { year, month, day } = parseLocalDate(date);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = index - targetYear * 12 + 1;

  return toLocalDate({
    year: targetYear,
    month: targetMonth,
    day: Math.min(dayOfMonth ?? day, daysInMonth(targetYear, targetMonth)),
  });
}

/** Days from one date to another, negative when `to` is the earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return toDayNumber(to) - toDayNumber(from);
}

/** Calendar months from the month of one date to the month of another, whatever the days. */
export function calendarMonthsBetween(from: LocalDate, to: LocalDate): number {
  const [start, end] = [parseLocalDate(from), parseLocalDate(to)];

  return (end.year - start.year) * 12 + (end.month - start.month);
}

/** 1 Monday to 7 Sunday. */
export function dayOfWeek(date: LocalDate): number {
  // Day 0, 1970-01-01, was a Thursday.
  return ((((toDayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Days since 1970-01-01 in the Gregorian calendar. */
export function toDayNumber(date: LocalDate): number {
  const { year, month, day } = parseLocalDate(date);
  const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1] ?? 0;
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;

  return daysBeforeYear(year) - daysBeforeYear(1970) + daysBeforeMonth + leapDay + (day - 1);
}

/** The date of a number of days since 1970-01-01. */
export function fromDayNumber(dayNumber: number): LocalDate {
  if (!Number.isSafeInteger(dayNumber)) {
    throw new RangeError(`Not a whole number of days: ${dayNumber}`);
  }

  const dayOfEra = dayNumber + daysBeforeYear(1970);
  // The mean year is a close guess; one step either way makes it exact.
  let year = Math.floor(dayOfEra / 365.2425) + 1;
  while (daysBeforeYear(year) > dayOfEra) {
    year -= 1;
  }
  while (daysBeforeYear(year + 1) <= dayOfEra) {
    year += 1;
  }

  let day = dayOfEra - daysBeforeYear(year);
  let month = 1;
  while (day >= daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    month += 1;
  }

  return toLocalDate({ year, month, day: day + 1 });
}

/** Days of all years before this one, from year 1 on. */
function daysBeforeYear(year: number): number {
  const past = year - 1;

  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
