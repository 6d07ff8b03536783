import { z } from 'zod';
import {
  advance,
  alignToAnchorDay,
  anchorDayOf,
  billingDate,
  billingDateIndex,
  firstBillingDate,
  nextBillingDateOnOrAfter,
} from '../../../domain/calendar/billing-period-rules';
import { daysBetween, dayOfWeek } from '../../../domain/calendar/calendar-rules';
import { localDateAt } from '../../../domain/calendar/zoned-calendar';
import { formatInstant } from '../../../platform/instant';
import { adapter, keysAsked } from '../case-adapter';
import { isRecord, matches } from '../compare';
import { PaperSubscription } from '../paper-subscription';
import { COMMON_YEAR, inYear, LEAP_YEAR, readCycle, readMonthDay, readPeriod, writeMonthDay } from '../read-words';
import { count, date, text } from './field-schemas';

const wholePeriods = adapter(z.object({ billing_period: text, start: date, end: date }), (inputs) => ({
  whole_periods: billingDateIndex(
    inputs.start,
    anchorDayOf(inputs.start),
    readPeriod(inputs.billing_period),
    inputs.end,
  ),
}));

const advanceN = adapter(
  z.object({ billing_period: text, start: date, n: z.union([count, z.array(count)]) }),
  ({ billing_period, start, n }) => {
    const period = readPeriod(billing_period);

    return Array.isArray(n)
      ? { dates: n.map((periods) => advance(start, period, periods)) }
      : { date: advance(start, period, n) };
  },
);

const firstDate = adapter(z.object({ start: date, billing_cycle_day: count }), (inputs, outline) =>
  Object.fromEntries(
    keysAsked(outline).map((name) => [
      name,
      firstBillingDate(inputs.start, inputs.billing_cycle_day, readPeriod(name)),
    ]),
  ),
);

const align = adapter(z.object({ date, billing_cycle_day: count }), (inputs) => ({
  aligned: alignToAnchorDay(inputs.date, inputs.billing_cycle_day),
}));

const nextAligned = adapter(
  z.object({
    period: text,
    original_date: date.optional(),
    proposed_date: date,
    billing_cycle_day: z.union([count, text]),
  }),
  ({ period: name, original_date, proposed_date, billing_cycle_day }) => {
    const anchorDay = typeof billing_cycle_day === 'number' ? billing_cycle_day : anchorDayOf(proposed_date);

    return {
      next: nextBillingDateOnOrAfter(original_date ?? proposed_date, anchorDay, readPeriod(name), proposed_date),
    };
  },
);

const anchorDayInZone = adapter(z.object({ instant: text, timezones: z.array(text) }), ({ instant, timezones }) => ({
  billing_cycle_day: timezones.map((timeZone) => anchorDayOf(localDateAt(instant, timeZone))),
}));

/** The first four monthly dates, in a common year and in a leap year. */
const monthEnd = adapter(
  z.object({ anchor: text, interval: text }),
  ({ anchor, interval }) => {
    const monthDay = readMonthDay(anchor);
    const datesFrom = (year: number) => {
      const start = inYear(monthDay, year);
      const dates = [0, 1, 2, 3].map((n) => billingDate(start, monthDay.day, readPeriod(interval), n));
      return dates.map(writeMonthDay);
    };

    return { common: datesFrom(COMMON_YEAR), leap: datesFrom(LEAP_YEAR) };
  },
  (actual, expected) => {
    if (!isRecord(actual) || !isRecord(expected) || !Array.isArray(expected.dates)) {
      return false;
    }
    // 'Feb 28 or 29' is the first in a common year and the second in a leap year.
    const readingOf = (choice: 0 | 1) =>
      (expected.dates as string[]).map((words) => {
        const [first = words, second] = words.split(' or ');
        return choice === 0 || second === undefined ? first : first.replace(/\d+$/, second);
      });

    return matches(actual.common, readingOf(0)) && matches(actual.leap, readingOf(1));
  },
);

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
/** Years in which 3 June and every other date fall on each day of the week, common and leap. */
const YEARS = [2022, 2023, 2024, 2025, 2026, 2027, 2028, 2029, 2030, 2031, 2032, 2033, 2034, 2035, 2036];

const weekly = adapter(
  z.object({ anchor: text, interval: text }),
  ({ anchor, interval }) => {
    const weekday = WEEKDAYS.find((name) => anchor.includes(name)) ?? '';
    const start = YEARS.map((year) => inYear(readMonthDay(anchor), year)).find(
      (candidate) => WEEKDAYS[dayOfWeek(candidate) - 1] === weekday,
    );
    if (start === undefined) {
      throw new Error(`No year in which ${anchor} is right.`);
    }
    const dates = Array.from({ length: 10 }, (_, n) => billingDate(start, anchorDayOf(start), readPeriod(interval), n));

    return {
      dates,
      steps: dates.slice(1).map((next, index) => daysBetween(dates[index] ?? next, next)),
      weekdays: dates.map((day) => WEEKDAYS[dayOfWeek(day) - 1]),
    };
  },
  (actual, expected) =>
    isRecord(actual) &&
    isRecord(expected) &&
    (actual.steps as number[]).every((step) => step === 7) &&
    (actual.weekdays as string[]).every((name) => expected.dates === `every ${name}`),
);

/** The period that a subscription from one instant on is in at another. */
const recurrence = adapter(z.object({ interval: text, anchor: text, t: text }), ({ interval, anchor, t }) => {
  const terms = { start: toUtcInstant(anchor), price: ANY_PRICE, cycle: readCycle(interval) };
  const { period } = new PaperSubscription(terms).until(toUtcInstant(t));

  return {
    period: period && [formatInstant(new Date(period.startsAt), 'UTC'), formatInstant(new Date(period.endsAt), 'UTC')],
  };
});

/** Amounts are not looked at. */
const ANY_PRICE = 100n;

/** A date alone is its midnight. */
function toUtcInstant(dateOrInstant: string): string {
  return dateOrInstant.includes('T') ? dateOrInstant : `${dateOrInstant}T00:00:00Z`;
}

export const billingAnchorAdapters = {
  whole_periods: wholePeriods,
  advance_n_periods: advanceN,
  'billing_anchor.first_date_on_or_after_start': firstDate,
  'billing_anchor.align': align,
  'billing_anchor.next_aligned': nextAligned,
  'billing_anchor.timezone': anchorDayInZone,
  'billing_anchor.month_end': monthEnd,
  'billing_anchor.weekly': weekly,
  'recurrence.month_end': recurrence,
  'recurrence.boundary_belongs_to_next': recurrence,
};
