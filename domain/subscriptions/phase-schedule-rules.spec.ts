import fc from 'fast-check';
import { BILLING_PERIODS } from '../billing/billing-period-rules';
import { addDays, fromDayNumber, toDayNumber } from '../billing/calendar-rules';
import { billPhases, endOfPhase, type PricePhase } from './phase-schedule-rules';

const options = { proration: { convention: 'by_day_exclusive_end' } } as const;
const { monthly, weekly } = BILLING_PERIODS;
const trial = (days: number): PricePhase => ({ kind: 'trial', days });
const recurring = (price: bigint, periods: number | null = null, period = monthly as PricePhasePeriod): PricePhase => ({
  kind: 'recurring',
  price,
  period,
  periods,
});
type PricePhasePeriod = Extract<PricePhase, { kind: 'recurring' }>['period'];

const rows = (...args: Parameters<typeof billPhases>) =>
  billPhases(...args).map(({ start, end, amount }) => [start, end, amount]);

describe('phases of a subscription', () => {
  it('go from a discount to the plan’s own price', () => {
    expect(rows('2023-02-28', 28, [recurring(495n, 3), recurring(2495n)], '2023-05-28', options)).toEqual([
      ['2023-02-28', '2023-03-28', 495n],
      ['2023-03-28', '2023-04-28', 495n],
      ['2023-04-28', '2023-05-28', 495n],
      ['2023-05-28', '2023-06-28', 2495n],
    ]);
  });

  it('begin with a line of nothing over the trial', () => {
    expect(rows('2026-02-26', 26, [trial(30), recurring(456n, null, weekly)], '2026-03-28', options)).toEqual([
      ['2026-02-26', '2026-03-28', 0n],
      ['2026-03-28', '2026-04-04', 456n],
    ]);
  });

  it('change at the end of a term when a change was put off', () => {
    expect(rows('2012-02-01', 2, [trial(30), recurring(59_995n, 1), recurring(2995n)], '2012-04-02', options)).toEqual([
      ['2012-02-01', '2012-03-02', 0n],
      ['2012-03-02', '2012-04-02', 59_995n],
      ['2012-04-02', '2012-05-02', 2995n],
    ]);
  });

  it('reach the anchor day with a stub', () => {
    const lines = billPhases('2012-02-01', 31, [trial(30), recurring(59_995n)], '2012-04-30', options);

    expect(lines.map(({ kind, end, amount }) => [kind, end, amount])).toEqual([
      ['trial', '2012-03-02', 0n],
      ['leading_stub', '2012-03-31', 56_124n],
      ['whole', '2012-04-30', 59_995n],
      ['whole', '2012-05-31', 59_995n],
    ]);
  });

  it('end after so many whole periods, or never', () => {
    expect(endOfPhase('2015-05-01', 1, recurring(1n, 12))).toBe('2016-05-01');
    expect(endOfPhase('2015-05-01', 1, recurring(1n))).toBeNull();
    expect(endOfPhase('2015-05-01', 1, trial(14))).toBe('2015-05-15');
  });

  it('tile time from the first day on', () => {
    const phases = fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 60 }).map(trial),
        fc.integer({ min: 1, max: 4 }).map((periods) => recurring(100n, periods)),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: toDayNumber('2010-01-01'), max: toDayNumber('2040-12-31') }),
        fc.integer({ min: 1, max: 31 }),
        phases,
        fc.nat(500),
        (day, anchorDay, some, days) => {
          const start = fromDayNumber(day);
          const target = addDays(start, days);
          const lines = billPhases(start, anchorDay, [...some, recurring(200n)], target, options);
          lines.forEach((line, index) => {
            expect(line.start).toBe(index === 0 ? start : lines[index - 1]?.end);
          });
          expect((lines.at(-1)?.end ?? start) > target).toBe(true);
        },
      ),
    );
  });
});
