import fc from 'fast-check';

import { formatInstant } from '../../platform/instant';
import { BILLING_PERIODS } from './billing-period-rules';
import { daysBetween, fromDayNumber, toDayNumber } from './calendar-rules';
import { atAnchorTime, lastSecondOf, localDateAt, startOfDay, zonedPeriod, zonedPeriodAt } from './zoned-calendar';

const shown = (at: number, timeZone: string): string => formatInstant(new Date(at), timeZone);

const zones = fc.constantFrom('Asia/Ho_Chi_Minh', 'America/New_York', 'Europe/Berlin', 'Pacific/Apia', 'UTC', '+03:00');
const dates = fc.integer({ min: toDayNumber('2012-01-02'), max: toDayNumber('2040-12-31') }).map(fromDayNumber);

describe('local dates', () => {
  it.each([
    ['HST', '2012-07-16'],
    ['UTC', '2012-07-16'],
    ['+03:00', '2012-07-17'],
    ['Asia/Ho_Chi_Minh', '2012-07-17'],
  ])('in %s at one instant is %s', (timeZone, expected) => {
    expect(localDateAt('2012-07-16T21:17:03Z', timeZone)).toBe(expected);
  });

  it('come back from the instant their day begins', () => {
    fc.assert(
      fc.property(dates, zones, (date, timeZone) => {
        const start = startOfDay(date, timeZone);
        expect(localDateAt(start, timeZone)).toBe(date);
        expect(localDateAt(start - 1, timeZone) < date).toBe(true);
      }),
    );
  });

  it('begin an hour later where the clocks change at midnight', () => {
    // São Paulo, 15 October 2017: there was no midnight.
    expect(shown(startOfDay('2017-10-15', 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe('2017-10-15T01:00:00-02:00');
  });

  it('keep the time of day of their anchor across a change of clocks', () => {
    const anchorAt = '2026-01-15T15:30:00Z';

    expect(shown(atAnchorTime('2026-07-15', anchorAt, 'Europe/Berlin'), 'Europe/Berlin')).toBe(
      '2026-07-15T16:30:00+02:00',
    );
  });
});

it('is the anchor on its own day, also in an hour that comes twice', () => {
  // New York, 1 November 2026: 01:30 comes at 05:30 and at 06:30 UTC.
  const [timeZone, first, second] = ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'];
  const row = { anchorAt: second, timeZone, period: BILLING_PERIODS.monthly };

  expect([first, second].map((anchorAt) => atAnchorTime('2026-11-01', anchorAt, timeZone))).toEqual([
    Date.parse(first),
    Date.parse(second),
  ]);
  expect(zonedPeriod(row, 0).startsAt).toBe(Date.parse(second));
  expect(zonedPeriodAt(row, first)).toMatchObject({ index: -1, endsAt: Date.parse(second) });
});

describe('instants', () => {
  it('of a last second are what documents print for an end', () => {
    const endsAt = startOfDay('2022-04-01', 'America/New_York');

    expect(shown(lastSecondOf({ endsAt }), 'UTC')).toBe('2022-04-01T03:59:59+00:00');
  });
});

describe('periods of an anchor', () => {
  it('are always counted from it', () => {
    const row = { anchorAt: '2025-01-31T15:00:00Z', timeZone: 'UTC', period: BILLING_PERIODS.monthly };
    const starts = [0, 1, 2, 3].map((n) => shown(zonedPeriod(row, n).startsAt, 'UTC').slice(0, 10));

    expect(starts).toEqual(['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30']);
  });

  it('come back to a day of the month that their first one was too short for', () => {
    const row = { anchorAt: '2025-02-28T15:00:00Z', anchorDay: 31, timeZone: 'UTC', period: BILLING_PERIODS.monthly };
    const starts = [0, 1, 2, 3].map((n) => shown(zonedPeriod(row, n).startsAt, 'UTC').slice(0, 10));

    expect(starts).toEqual(['2025-02-28', '2025-03-31', '2025-04-30', '2025-05-31']);
    expect(zonedPeriodAt(row, '2025-04-30T15:00:00Z').index).toBe(2);
    expect(zonedPeriodAt(row, '2025-04-30T14:59:59Z').index).toBe(1);
  });

  it('are one local day each when billed daily, 23 and 25 hours long ones too', () => {
    const timeZone = 'America/New_York';
    const row = { anchorAt: startOfDay('2024-03-09', timeZone), timeZone, period: BILLING_PERIODS.daily };
    const hours = [0, 1, 2].map((n) => (zonedPeriod(row, n).endsAt - zonedPeriod(row, n).startsAt) / 3_600_000);

    expect(hours).toEqual([24, 23, 24]);
  });

  it('tile time: every instant lies in the one period that begins at or before it and ends after it', () => {
    const instants = fc.integer({ min: Date.UTC(2012, 0, 2), max: Date.UTC(2040, 0, 1) });
    const periods = fc.constantFrom(
      BILLING_PERIODS.daily,
      BILLING_PERIODS.weekly,
      BILLING_PERIODS.monthly,
      BILLING_PERIODS.yearly,
    );
    fc.assert(
      fc.property(instants, instants, zones, periods, (anchorAt, at, timeZone, period) => {
        const row = { anchorAt, timeZone, period };
        const { index, startsAt, endsAt } = zonedPeriodAt(row, at);
        expect(startsAt <= at && at < endsAt).toBe(true);
        expect(zonedPeriod(row, index + 1).startsAt).toBe(endsAt);
        expect(zonedPeriodAt(row, endsAt).index).toBe(index + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('agree with the calendar of plain dates', () => {
    fc.assert(
      fc.property(dates, zones, fc.nat(40), (start, timeZone, n) => {
        const row = { anchorAt: startOfDay(start, timeZone), timeZone, period: BILLING_PERIODS.weekly };
        expect(daysBetween(start, localDateAt(zonedPeriod(row, n).startsAt, timeZone))).toBe(7 * n);
      }),
      { numRuns: 60 },
    );
  });
});
