import fc from 'fast-check';
import { revenueOfMonth, revenueSchedule, serviceDays } from './revenue-schedule-rules';

const source = {
  amount: 12_000n,
  startsAt: Date.parse('2026-06-15T12:00:00Z'),
  endsAt: Date.parse('2026-10-13T12:00:00Z'),
};

describe('a revenue schedule', () => {
  it.each([
    ['by_second', [1550n, 3100n, 3100n, 3000n, 1250n]],
    ['by_day', [1600n, 3100n, 3100n, 3000n, 1200n]],
    ['evenly_by_month', [3000n, 3000n, 3000n, 3000n]],
  ] as const)('%s', (mode, expected) => {
    expect(revenueSchedule({ ...source, mode }).map(({ recognised }) => recognised)).toEqual(expected);
  });

  it('defers in the first month and releases after it', () => {
    const schedule = revenueSchedule({
      amount: 12_000n,
      credited: 3000n,
      ...serviceDays('2026-01-01', '2026-04-01'),
      mode: 'by_day',
    });

    expect(schedule.map(({ deferredChange }) => deferredChange)).toEqual([5900n, -2800n, -3100n]);
    expect(schedule.at(-1)?.deferred).toBe(0n);
  });

  it('of whole months counts each once, and of a part of one month that month', () => {
    const months = revenueSchedule({
      amount: 100n,
      ...serviceDays('2026-01-01', '2026-04-01'),
      mode: 'evenly_by_month',
    });
    expect(months.map(({ month, recognised }) => [month, recognised])).toEqual([
      ['2026-01-01', 33n],
      ['2026-02-01', 33n],
      ['2026-03-01', 34n],
    ]);

    const hours = { amount: 100n, startsAt: Date.UTC(2026, 0, 5, 8), endsAt: Date.UTC(2026, 0, 5, 9) };
    for (const mode of ['by_second', 'by_day', 'evenly_by_month'] as const) {
      expect(revenueSchedule({ ...hours, mode })).toEqual([
        { month: '2026-01-01', recognised: 100n, deferred: 0n, deferredChange: 0n },
      ]);
    }
  });

  it('adds up over the lines of a month', () => {
    const first = revenueSchedule({ amount: 6000n, ...serviceDays('2026-04-01', '2026-04-21'), mode: 'by_day' });
    const second = revenueSchedule({ amount: 4000n, ...serviceDays('2026-04-21', '2026-05-01'), mode: 'by_day' });

    expect(revenueOfMonth('2026-04-01', [first, second])).toBe(10_000n);
    expect(revenueOfMonth('2026-05-01', [first, second])).toBe(0n);
  });

  it('recognises the amount, no more and no less', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 10n }),
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }),
        fc.integer({ min: 1, max: 900 }),
        fc.constantFrom('by_second' as const, 'by_day' as const, 'evenly_by_month' as const),
        (amount, startsAt, hours, mode) => {
          const schedule = revenueSchedule({ amount, startsAt, endsAt: startsAt + hours * 36_000_000, mode });
          expect(schedule.reduce((sum, { recognised }) => sum + recognised, 0n)).toBe(amount);
          expect(schedule.reduce((sum, { deferredChange }) => sum + deferredChange, 0n)).toBe(0n);
          expect(schedule.at(-1)?.deferred).toBe(0n);
        },
      ),
    );
  });

  it('needs service that has a length', () => {
    expect(() => revenueSchedule({ ...source, endsAt: source.startsAt, mode: 'by_day' })).toThrow(RangeError);
  });
});
