import {
  BILLING_PERIODS,
  type BillingCycle,
  type BillingPeriod,
  nextBillingDateAfter,
} from '../../domain/calendar/billing-period-rules';
import { type LocalDate, toLocalDate } from '../../domain/calendar/calendar-rules';
import { currencyDigits, formatAmount, unitOf } from '../../domain/money/currency-rules';
import { prorate } from '../../domain/billing/pricing/proration-rules';
import { parseDecimal } from '../../domain/money/ratio-rules';

/**
 * The short texts that cases are written in, read into the product's types. Nothing here calculates: amounts are read
 * by the product's own reader, dates are put together from the parts that stand in the text.
 */

/** Amounts in cases that name no currency have two decimals. */
const CURRENCY = 'USD';

/** Dates of cases that name no year lie in a common one. */
export const COMMON_YEAR = 2023;
export const LEAP_YEAR = 2024;

const CYCLES_BY_NAME: Readonly<Record<string, BillingCycle>> = {
  DAILY: 'daily',
  DAY: 'daily',
  WEEKLY: 'weekly',
  WEEK: 'weekly',
  BIWEEKLY: 'biweekly',
  THIRTY_DAYS: 'thirty_days',
  THIRTY_ONE_DAYS: 'thirty_one_days',
  SIXTY_DAYS: 'sixty_days',
  NINETY_DAYS: 'ninety_days',
  MONTHLY: 'monthly',
  MONTH: 'monthly',
  BIMESTRIAL: 'bimonthly',
  QUARTERLY: 'quarterly',
  QUARTER: 'quarterly',
  TRIANNUAL: 'triannual',
  BIANNUAL: 'semiannual',
  SEMIANNUAL: 'semiannual',
  ANNUAL: 'yearly',
  YEARLY: 'yearly',
  YEAR: 'yearly',
  SESQUIENNIAL: 'eighteen_months',
  BIENNIAL: 'biennial',
  TRIENNIAL: 'triennial',
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export function readCycle(name: string): BillingCycle {
  const cycle = CYCLES_BY_NAME[name.toUpperCase()];
  if (!cycle) {
    throw new Error(`No billing period has the name ${JSON.stringify(name)}.`);
  }

  return cycle;
}

export function readPeriod(name: string): BillingPeriod {
  return BILLING_PERIODS[readCycle(name)];
}

/** The period that a text like '24.95 monthly' or '30/month' names. */
export function cycleIn(text: string): BillingCycle {
  const name = text.split(/[^A-Za-z_]+/).find((word) => CYCLES_BY_NAME[word.toUpperCase()]);

  return readCycle(name ?? text);
}

/** Cents of a decimal text. */
export function readMoney(text: string | number): bigint {
  return prorate(unitOf(currencyDigits(CURRENCY)), parseDecimal(String(text)));
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
    : nextBillingDateAfter(inYear(readMonthDay(text), LONG_AGO), readMonthDay(text).day, BILLING_PERIODS.yearly, after);
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

/** Texts leave the seconds out. */
export function toFullInstant(words: string): string {
  return words.replace(/T(\d{2}:\d{2})Z$/, 'T$1:00Z');
}

/** One percent in parts per million. */
const PERCENT = 10_000n;

/** The rate that a percentage in decimal text names: '23.33' is 233,300 ppm. */
export function readPercent(text: string): number {
  return Number(prorate(PERCENT, parseDecimal(text)));
}
