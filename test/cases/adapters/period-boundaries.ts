import { z } from 'zod';
import { advance, BILLING_PERIODS, type BillingCycle, lastDayOf } from '../../../domain/calendar/billing-period-rules';
import { type LocalDate } from '../../../domain/calendar/calendar-rules';
import { type InstantSpan, lastSecondOf, localDateAt } from '../../../domain/calendar/zoned-calendar';
import { formatInstant } from '../../../platform/instant';
import { adapter, lengthAsked } from '../case-adapter';
import { isRecord, matches } from '../compare';
import { PaperSubscription, type Terms } from '../paper-subscription';
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
    const { billing, timezone: timeZone } = inputs;
    if (inputs.month !== undefined) {
      const start = readMonth(inputs.month);

      return boundariesOf(subscribe(billing, { start, timing: 'in_advance', timeZone }).period, timeZone);
    }
    const anchor =
      inputs.subscription_at === undefined ? undefined : readStart(inputs.subscription_at, inputs.billed_on);
    if (inputs.billed_on === undefined) {
      return listPeriods(billing, anchor ?? '', lengthAsked(outline, 'periods_inclusive'));
    }
    const billedOn = readDateAfter(inputs.billed_on, anchor ?? readDateLongAgo('01-01'));

    return boundariesOf(periodBilled(billing, anchor ?? yearBefore(billedOn), billedOn, timeZone), timeZone);
  },
  matchesBoundaries,
);

const yearly = adapter(z.object({ billing: text, subscription_at: text }), (inputs, outline) =>
  listPeriods(inputs.billing, dateIn(inputs.subscription_at), lengthAsked(outline, 'periods_inclusive')),
);

const yearBefore = (date: LocalDate) => advance(date, BILLING_PERIODS.yearly, -1);

/** The period billed on a day; of one that ends on it, the period the day lies in. */
function periodBilled(billing: string, start: LocalDate, billedOn: LocalDate, timeZone: string): InstantSpan | null {
  const timing = billing.includes('advance') ? 'in_advance' : 'in_arrears';
  const subscription = subscribe(billing, { start, timing, timeZone }).until(billedOn);

  return billing.includes('terminated')
    ? subscription.period
    : (subscription.charges.find(({ on }) => on === billedOn)?.service ?? null);
}

function boundariesOf(period: InstantSpan | null, timeZone: string): Record<'from_' | 'to', Boundary> {
  if (period === null) {
    throw new Error('Nothing is billed on that day.');
  }
  const boundary = (at: number) => ({
    date: localDateAt(at, timeZone),
    instant: formatInstant(new Date(at), timeZone),
  });

  return { from_: boundary(period.startsAt), to: boundary(lastSecondOf(period)) };
}

function listPeriods(billing: string, start: LocalDate, howMany: number) {
  const end = advance(start, BILLING_PERIODS[cycleNamed(billing)], howMany);
  const { charges } = subscribe(billing, { start, timing: 'in_arrears', timeZone: 'UTC' }).until(end);

  return {
    periods_inclusive: charges.slice(0, howMany).map(({ from, to }) => [from, lastDayOf({ start: from, end: to })]),
  };
}

/** Amounts are not looked at. */
const ANY_PRICE = 100n;

function subscribe(billing: string, terms: Pick<Terms, 'start' | 'timing' | 'timeZone'>): PaperSubscription {
  return new PaperSubscription({
    ...terms,
    price: ANY_PRICE,
    cycle: cycleNamed(billing),
    settings: { billingTime: billing.includes('anniversary') ? 'anniversary' : 'calendar' },
  });
}

function cycleNamed(billing: string): BillingCycle {
  return (['weekly', 'quarterly', 'yearly'] as const).find((name) => billing.includes(name)) ?? 'monthly';
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
