import fc from 'fast-check';
import {
  advance,
  BILLING_PERIODS,
  anchorDayOf,
  billingDate,
  billingDateIndex,
  type BillingPeriod,
  calendarPeriodContaining,
  firstBillingDate,
  nextBillingDateAfter,
} from './billing-period-rules';
import { addDays, dayOfWeek, daysInMonth, fromDayNumber, parseLocalDate, toDayNumber } from './calendar-rules';

const dates = fc.integer({ min: toDayNumber('1990-01-01'), max: toDayNumber('2090-12-31') }).map(fromDayNumber);
const anchorDays = fc.integer({ min: 1, max: 31 });
const periods: fc.Arbitrary<BillingPeriod> = fc.constantFrom(...Object.values(BILLING_PERIODS));

describe('billing dates', () => {
  it('come back to the 31st after a short month', () => {
    const first = firstBillingDate('2023-01-31', 31, BILLING_PERIODS.monthly);

    expect([0, 1, 2, 3].map((n) => billingDate(first, 31, BILLING_PERIODS.monthly, n))).toEqual([
      '2023-01-31',
      '2023-02-28',
      '2023-03-31',
      '2023-04-30',
    ]);
  });

  it('never drift from the anchor: each is the anchor day or the last day of its month', () => {
    fc.assert(
      fc.property(dates, anchorDays, periods, fc.integer({ min: 0, max: 60 }), (start, anchorDay, period, n) => {
        fc.pre(period.unit === 'month');
        const first = firstBillingDate(start, anchorDay, period);
        const { year, month, day } = parseLocalDate(billingDate(first, anchorDay, period, n));
        expect(day).toBe(Math.min(anchorDay, daysInMonth(year, month)));
      }),
    );
  });

  it('begin on or after the start, less than a period away', () => {
    fc.assert(
      fc.property(dates, anchorDays, periods, (start, anchorDay, period) => {
        const first = firstBillingDate(start, anchorDay, period);
        expect(first >= start).toBe(true);
        expect(billingDate(first, anchorDay, period, -1) < start).toBe(true);
      }),
    );
  });

  it('tile time: every day lies in exactly one period', () => {
    fc.assert(
      fc.property(dates, anchorDays, periods, fc.integer({ min: 0, max: 2000 }), (start, anchorDay, period, days) => {
        const first = firstBillingDate(start, anchorDay, period);
        const date = addDays(first, days);
        const index = billingDateIndex(first, anchorDay, period, date);
        expect(billingDate(first, anchorDay, period, index) <= date).toBe(true);
        expect(billingDate(first, anchorDay, period, index + 1) > date).toBe(true);
        expect(nextBillingDateAfter(first, anchorDay, period, date)).toBe(
          billingDate(first, anchorDay, period, index + 1),
        );
      }),
    );
  });

  it('are found from a date before the first one too', () => {
    expect(nextBillingDateAfter('2026-05-10', 10, BILLING_PERIODS.monthly, '2026-01-01')).toBe('2026-05-10');
  });

  it('refuse an anchor day that no month has', () => {
    expect(() => firstBillingDate('2026-01-01', 32, BILLING_PERIODS.monthly)).toThrow(RangeError);
  });
});

describe('whole periods', () => {
  it('is the largest count that still fits', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 4000 }), periods, (start, days, period) => {
        const end = addDays(start, days);
        const count = billingDateIndex(start, anchorDayOf(start), period, end);
        expect(advance(start, period, count) <= end).toBe(true);
        expect(advance(start, period, count + 1) > end).toBe(true);
      }),
    );
  });
});

describe('calendar periods', () => {
  it.each([
    ['2022-06-22', BILLING_PERIODS.weekly, '2022-06-20', '2022-06-27'],
    ['2022-06-26', BILLING_PERIODS.weekly, '2022-06-20', '2022-06-27'],
    ['2024-02-29', BILLING_PERIODS.monthly, '2024-02-01', '2024-03-01'],
    ['2024-05-31', BILLING_PERIODS.quarterly, '2024-04-01', '2024-07-01'],
    ['2024-12-31', BILLING_PERIODS.yearly, '2024-01-01', '2025-01-01'],
    ['2024-12-31', BILLING_PERIODS.daily, '2024-12-31', '2025-01-01'],
  ])('%s lies in a period of %j from %s to %s', (date, period, start, end) => {
    expect(calendarPeriodContaining(date, period)).toEqual({ start, end });
  });

  it('have no name for odd lengths', () => {
    expect(() => calendarPeriodContaining('2024-01-01', BILLING_PERIODS.thirty_days)).toThrow(RangeError);
    expect(() => calendarPeriodContaining('2024-01-01', BILLING_PERIODS.biennial)).toThrow(RangeError);
  });

  it('tile time, weeks beginning on Mondays', () => {
    fc.assert(
      fc.property(dates, (date) => {
        const week = calendarPeriodContaining(date, BILLING_PERIODS.weekly);
        expect(dayOfWeek(week.start)).toBe(1);
        expect(calendarPeriodContaining(addDays(week.end, -1), BILLING_PERIODS.weekly)).toEqual(week);
        expect(calendarPeriodContaining(week.end, BILLING_PERIODS.weekly).start).toBe(week.end);
      }),
    );
  });
});
