import { z } from 'zod';
import {
  BILLING_PERIODS,
  type BillingPeriod,
  type DateSpan,
  lastDayOf,
} from '../../../domain/billing/billing-period-rules';
import {
  billedPeriod,
  type BillingTiming,
  type PeriodRow,
  periodsFrom,
} from '../../../domain/billing/billing-time-rules';
import { type LocalDate } from '../../../domain/billing/calendar-rules';
import { formatInstant, lastSecondOf, toInstantSpan } from '../../../domain/billing/zoned-calendar';
import { adapter, lengthAsked } from '../case-adapter';
import { isRecord, matches } from '../compare';
import {
  dateIn,
  hasYear,
  inYear,
  LEAP_YEAR,
  readDate,
  readDateAfter,
  readDateLongAgo,
  readMonth,
  readMonthDay,
  writeMonthDay,
} from '../read-words';
import { text } from './field-schemas';

/** A boundary as a local date and as an instant; the case says which it wants by how it is written. */
interface Boundary {
  readonly date: LocalDate;
  readonly instant: string;
}

const monthEnd = adapter(
  z.object({
    billing: text.default('calendar'),
    subscription_at: text.optional(),
    billed_on: text.optional(),
    timezone: text.default('UTC'),
    month: text.optional(),
  }),
  (inputs, outline) => {
    if (inputs.month !== undefined) {
      return inMonth(inputs.month, inputs.timezone);
    }
    const anchor =
      inputs.subscription_at === undefined ? undefined : readStart(inputs.subscription_at, inputs.billed_on);
    if (inputs.billed_on === undefined) {
      return listPeriods(inputs.billing, anchor ?? '', lengthAsked(outline, 'periods_inclusive'));
    }

    const billedOn = readDateAfter(inputs.billed_on, anchor ?? readDateLongAgo('01-01'));
    const period = billedPeriod(billedOn, timingIn(inputs.billing), rowOf(inputs.billing, anchor ?? billedOn));
    return boundariesOf(period, inputs.timezone);
  },
  matchesBoundaries,
);

const yearly = adapter(z.object({ billing: text, subscription_at: text }), (inputs, outline) =>
  listPeriods(inputs.billing, dateIn(inputs.subscription_at), lengthAsked(outline, 'periods_inclusive')),
);

/** The calendar month in a zone. */
function inMonth(month: string, timeZone: string) {
  const first = readMonth(month);

  return boundariesOf(billedPeriod(first, 'in_advance', rowOf('calendar', first)), timeZone);
}

function boundariesOf(period: DateSpan, timeZone: string): Record<'from_' | 'to', Boundary> {
  const instants = toInstantSpan(period, timeZone);

  return {
    from_: { date: period.start, instant: formatInstant(instants.startsAt, timeZone) },
    to: { date: lastDayOf(period), instant: formatInstant(lastSecondOf(instants), timeZone) },
  };
}

function listPeriods(billing: string, start: LocalDate, howMany: number) {
  const periods = periodsFrom(start, howMany, rowOf(billing, start));

  return { periods_inclusive: periods.map((period) => [period.start, lastDayOf(period)]) };
}

function rowOf(billing: string, anchor: LocalDate): PeriodRow {
  return {
    billingTime: billing.includes('anniversary') ? 'anniversary' : 'calendar',
    period: periodNamed(billing),
    anchor,
  };
}

function periodNamed(billing: string): BillingPeriod {
  const named = (['weekly', 'quarterly', 'yearly'] as const).find((name) => billing.includes(name));

  return BILLING_PERIODS[named ?? 'monthly'];
}

function timingIn(billing: string): BillingTiming {
  if (billing.includes('terminated')) {
    return 'terminated';
  }

  return billing.includes('advance') ? 'in_advance' : 'in_arrears';
}

/** A start without a year lies in any year before the billing day; when that names none either, in a common year. */
function readStart(words: string, billedOn: string | undefined): LocalDate {
  return billedOn !== undefined && hasYear(billedOn) ? readDateLongAgo(words) : readDate(words);
}

function matchesBoundaries(actual: unknown, expected: unknown): boolean {
  if (!isRecord(actual) || !isRecord(expected)) {
    return false;
  }

  return Object.entries(expected).every(([key, value]) => {
    const found = actual[key];
    return key === 'periods_inclusive'
      ? matches(found, value)
      : isRecord(found) && typeof value === 'string' && matchesBoundary(found as unknown as Boundary, value);
  });
}

function matchesBoundary({ date, instant }: Boundary, expected: string): boolean {
  if (expected.includes('T')) {
    return matches(instant, expected);
  }

  return /^\d{4}-/.test(expected)
    ? matches(date, expected)
    : writeMonthDay(date) === writeMonthDay(inYear(readMonthDay(expected), LEAP_YEAR));
}

export const periodBoundaryAdapters = {
  'period_boundaries.month_end': monthEnd,
  'period_boundaries.yearly': yearly,
};
