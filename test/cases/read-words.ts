import {
  anniversaryPeriodContaining,
  BILLING_PERIODS,
  type BillingPeriod,
} from '../../domain/billing/billing-period-rules';
import { type LocalDate, toLocalDate } from '../../domain/billing/calendar-rules';
import { formatAmount, parseAmount } from '../../domain/billing/money-rules';

/**
 * The short texts that cases are written in, read into the product's types. Nothing here calculates: amounts are read
 * by the product's own reader, dates are put together from the parts that stand in the text.
 */

/** Amounts in cases that name no currency have two decimals. */
const CURRENCY = 'USD';

/** Dates of cases that name no year lie in a common one. */
export const COMMON_YEAR = 2023;
export const LEAP_YEAR = 2024;

const PERIODS_BY_NAME: Readonly<Record<string, BillingPeriod>> = {
  DAILY: BILLING_PERIODS.daily,
  DAY: BILLING_PERIODS.daily,
  WEEKLY: BILLING_PERIODS.weekly,
  WEEK: BILLING_PERIODS.weekly,
  BIWEEKLY: BILLING_PERIODS.biweekly,
  THIRTY_DAYS: BILLING_PERIODS.thirty_days,
  THIRTY_ONE_DAYS: BILLING_PERIODS.thirty_one_days,
  SIXTY_DAYS: BILLING_PERIODS.sixty_days,
  NINETY_DAYS: BILLING_PERIODS.ninety_days,
  MONTHLY: BILLING_PERIODS.monthly,
  MONTH: BILLING_PERIODS.monthly,
  BIMESTRIAL: BILLING_PERIODS.bimonthly,
  QUARTERLY: BILLING_PERIODS.quarterly,
  QUARTER: BILLING_PERIODS.quarterly,
  TRIANNUAL: BILLING_PERIODS.triannual,
  BIANNUAL: BILLING_PERIODS.semiannual,
  SEMIANNUAL: BILLING_PERIODS.semiannual,
  ANNUAL: BILLING_PERIODS.yearly,
  YEARLY: BILLING_PERIODS.yearly,
  YEAR: BILLING_PERIODS.yearly,
  SESQUIENNIAL: BILLING_PERIODS.eighteen_months,
  BIENNIAL: BILLING_PERIODS.biennial,
  TRIENNIAL: BILLING_PERIODS.triennial,
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export function readPeriod(name: string): BillingPeriod {
  const period = PERIODS_BY_NAME[name.toUpperCase()];
  if (!period) {
    throw new Error(`No billing period has the name ${JSON.stringify(name)}.`);
  }

  return period;
}

/** The period that a text like '24.95 monthly' or '30/month' names. */
export function periodIn(text: string): BillingPeriod {
  const name = text.split(/[^A-Za-z_]+/).find((word) => PERIODS_BY_NAME[word.toUpperCase()]);

  return readPeriod(name ?? text);
}

/** Cents of a decimal text. */
export function readMoney(text: string | number): bigint {
  return parseAmount(String(text), CURRENCY);
}

/** A decimal text of cents. */
export function writeMoney(cents: bigint): string {
  return formatAmount(cents, CURRENCY);
}

/** The first amount in a text, whose thousands may stand apart: 'monthly 12 900 in advance' → '12900'. */
export function amountIn(text: string): string {
  const match = /\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?/.exec(text);
  if (!match) {
    throw new Error(`No amount in ${JSON.stringify(text)}.`);
  }

  return match[0].replaceAll(' ', '');
}

/** All numbers of a text in their order. */
export function numbersIn(text: string): string[] {
  return text.match(/\d+(?:\.\d+)?/g) ?? [];
}

/** The whole number that a text begins with or holds first. */
export function countIn(text: string | number): number {
  return Number(numbersIn(String(text))[0] ?? NaN);
}

/** A calendar date 'YYYY-MM-DD' that stands somewhere in a text. */
export function dateIn(text: string): LocalDate {
  const match = /\d{4}-\d{2}-\d{2}/.exec(text);
  if (!match) {
    throw new Error(`No date in ${JSON.stringify(text)}.`);
  }

  return match[0];
}

export interface MonthDay {
  readonly month: number;
  readonly day: number;
}

/** 'Sep 15', '31 January', 'Friday June 3' or '05-20'. */
export function readMonthDay(text: string): MonthDay {
  const dashed = /^(\d{2})-(\d{2})$/.exec(text);
  if (dashed) {
    return { month: Number(dashed[1]), day: Number(dashed[2]) };
  }

  const words = text.split(/[\s,]+/);
  const month = words.map((word) => MONTHS.indexOf(word.slice(0, 3).toLowerCase())).find((index) => index >= 0);
  const day = words.find((word) => /^\d{1,2}(st|nd|rd|th)?$/.test(word));
  if (month === undefined || day === undefined) {
    throw new Error(`No month and day in ${JSON.stringify(text)}.`);
  }

  return { month: MONTH_NUMBERS[month] ?? NaN, day: parseInt(day, 10) };
}

const MONTH_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

export function inYear(monthDay: MonthDay, year: number): LocalDate {
  return toLocalDate({ year, ...monthDay });
}

/** A month and day as the first such day after a date; a date with its year as it stands. */
export function readDateAfter(text: string, after: LocalDate): LocalDate {
  return hasYear(text)
    ? dateIn(text)
    : anniversaryPeriodContaining(after, inYear(readMonthDay(text), LONG_AGO), BILLING_PERIODS.yearly).end;
}

/** A date of which any earlier year does when it names none. */
export function readDateLongAgo(text: string): LocalDate {
  return hasYear(text) ? dateIn(text) : inYear(readMonthDay(text), LONG_AGO);
}

/** The first day of '2022-02' or 'February 2022'. */
export function readMonth(text: string): LocalDate {
  const dashed = /(\d{4})-(\d{2})/.exec(text);
  const year = Number(dashed?.[1] ?? /\d{4}/.exec(text)?.[0]);
  const { month } = dashed ? { month: Number(dashed[2]) } : readMonthDay(`${text} 1`);

  return toLocalDate({ year, month, day: 1 });
}

/** A year that has every day, before all years that cases name. */
const LONG_AGO = 2000;

/** Whether a whole date stands in a text. */
export function hasYear(text: string): boolean {
  return /\d{4}-\d{2}-\d{2}/.test(text);
}

/** A date with its year, or a month and day in a common year. */
export function readDate(text: string): LocalDate {
  return hasYear(text) ? dateIn(text) : inYear(readMonthDay(text), COMMON_YEAR);
}

/** 'Jan 31': how cases write a date without its year. */
export function writeMonthDay(date: LocalDate): string {
  const [, month, day] = date.split('-');
  const name = MONTHS[MONTH_NUMBERS.indexOf(Number(month))] ?? '';

  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${Number(day)}`;
}

/** The three-letter name of a date's month. */
export function monthNameOf(date: LocalDate): string {
  return writeMonthDay(date).slice(0, 3);
}

/** The year of a date. */
export function yearOf(date: LocalDate): number {
  return Number(date.slice(0, 4));
}
