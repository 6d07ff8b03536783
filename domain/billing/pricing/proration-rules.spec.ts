import fc from 'fast-check';
import { AppError } from '../../errors';
import { BILLING_PERIODS, calendarPeriodContaining, type DateSpan } from '../../calendar/billing-period-rules';
import { addDays, daysBetween, fromDayNumber, toDayNumber } from '../../calendar/calendar-rules';
import { prorate, type ProrationConvention, type ServiceSpan, shareOfPeriod, shownShare } from './proration-rules';
import { compareRatios, ONE, ratio, ZERO } from '../../money/ratio-rules';

const DAY = 86_400_000;
const CONVENTIONS: ProrationConvention[] = [
  'by_day_exclusive_end',
  'by_day_inclusive',
  'by_second',
  'thirty_360',
  'none',
];

/** A span whose days begin at midnight UTC. */
function span(start: string, end: string): ServiceSpan {
  return { start, end, startsAt: toDayNumber(start) * DAY, endsAt: toDayNumber(end) * DAY };
}

function stamp({ start, end }: DateSpan): ServiceSpan {
  return span(start, end);
}

const months = fc
  .integer({ min: toDayNumber('2000-01-01'), max: toDayNumber('2060-12-31') })
  .map((day) => stamp(calendarPeriodContaining(fromDayNumber(day), BILLING_PERIODS.monthly)));
const settingsOfAny = fc.record({
  convention: fc.constantFrom(...CONVENTIONS),
  fixedDaysOfMonth: fc.constantFrom(0, 30),
});
const price = fc.bigInt({ min: 0n, max: 10n ** 8n });

describe('the conventions on the same days', () => {
  const part = span('2021-02-10', '2021-02-24');
  const whole = span('2021-02-01', '2021-03-01');

  it.each([
    ['by_day_exclusive_end', ratio(1, 2)],
    ['by_day_inclusive', ratio(14, 28)],
    ['by_second', ratio(14, 28)],
    ['thirty_360', ratio(14, 30)],
    ['none', ZERO],
  ] as const)('%s', (convention, expected) => {
    expect(shareOfPeriod(part, whole, { convention })).toEqual(expected);
  });

  it('all charge a whole period in full', () => {
    fc.assert(
      fc.property(months, fc.constantFrom(...CONVENTIONS), price, (month, convention, amount) => {
        expect(prorate(amount, shareOfPeriod(month, month, { convention }))).toBe(amount);
      }),
    );
  });

  it('charge nothing for no days, on whichever date', () => {
    fc.assert(
      fc.property(months, fc.nat({ max: 31 }), settingsOfAny, (month, after, settings) => {
        const date = fromDayNumber(toDayNumber(month.start) + after);
        expect(shareOfPeriod(span(date, date), month, settings)).toEqual(ZERO);
      }),
    );
  });

  it('never charge less than nothing, nor less for a day more', () => {
    fc.assert(
      fc.property(months, fc.nat({ max: 31 }), fc.nat({ max: 70 }), settingsOfAny, (month, after, days, settings) => {
        const first = toDayNumber(month.start) + after;
        const shareOf = (length: number) =>
          shareOfPeriod(span(fromDayNumber(first), fromDayNumber(first + length)), month, settings);

        expect(compareRatios(shareOf(days), ZERO)).toBeGreaterThanOrEqual(0);
        // A part that is the whole period is one, where a day more of 30-day months may be the 31st.
        expect(compareRatios(shareOf(days + 1), shareOf(days))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('by_day_exclusive_end', () => {
  const settings = { convention: 'by_day_exclusive_end' } as const;

  it('shows the share in nine places and applies it exactly', () => {
    const share = shareOfPeriod(span('2011-01-01', '2011-01-15'), span('2011-01-01', '2011-02-01'), settings);

    expect(share).toEqual(ratio(14, 31));
    expect(shownShare(share)).toEqual(ratio(451_612_903, 1_000_000_000));
  });

  it('costs more or less by the side the same days lie on', () => {
    const days = span('2016-06-01', '2016-06-15');

    expect(prorate(24_995n, shareOfPeriod(days, span('2016-05-15', '2016-06-15'), settings))).toBe(11_288n);
    expect(prorate(24_995n, shareOfPeriod(days, span('2016-06-01', '2016-07-01'), settings))).toBe(11_664n);
  });

  it('may exceed one period', () => {
    const share = shareOfPeriod(span('2012-03-02', '2012-06-02'), span('2012-03-02', '2012-04-02'), settings);

    expect(shownShare(share)).toEqual(ratio(2_967_741_935, 1_000_000_000));
  });

  it('counts months of a fixed length from day to day', () => {
    const fixed = { ...settings, fixedDaysOfMonth: 30 };
    const toMidJune = span('2023-05-15', '2023-06-15');

    expect(prorate(1995n, shareOfPeriod(span('2023-05-15', '2023-05-23'), toMidJune, fixed))).toBe(532n);
    expect(prorate(1995n, shareOfPeriod(span('2023-05-23', '2023-06-15'), toMidJune, fixed))).toBe(1463n);
    // A week has seven days whatever months are said to have.
    expect(shareOfPeriod(span('2023-05-29', '2023-06-02'), span('2023-05-29', '2023-06-05'), fixed)).not.toEqual(ONE);
  });
});

describe('periods that are not made of months, under months of 30 days', () => {
  const settings = [
    { convention: 'thirty_360' },
    { convention: 'by_day_exclusive_end', fixedDaysOfMonth: 30 },
  ] as const;

  it.each(settings)('30 days from the 31st on: $convention', (setting) => {
    const whole = span('2026-01-31', '2026-03-02');

    expect(shareOfPeriod(span('2026-02-01', '2026-03-02'), whole, setting)).toEqual(ratio(29, 30));
  });

  it('a week keeps the days that it has', () => {
    const weeks = fc.record({
      first: fc.integer({ min: toDayNumber('2000-01-01'), max: toDayNumber('2060-12-31') }),
      length: fc.constantFrom(7, 14),
      skipped: fc.integer({ min: 1, max: 6 }),
      setting: fc.constantFrom(...settings),
    });

    fc.assert(
      fc.property(weeks, ({ first, length, skipped, setting }) => {
        const [start, from, end] = [first, first + skipped, first + length].map(fromDayNumber) as [
          string,
          string,
          string,
        ];

        expect(shareOfPeriod(span(from, end), span(start, end), setting)).toEqual(ratio(length - skipped, length));
      }),
    );
  });
});

describe('thirty_360 and actual/360', () => {
  it('take the 31st and the last of February for the 30th', () => {
    const strict = { convention: 'thirty_360' } as const;
    const february = span('2021-02-01', '2021-03-01');

    expect(shareOfPeriod(span('2021-02-27', '2021-03-01'), february, strict)).toEqual(ratio(4, 30));
    expect(shareOfPeriod(span('2021-01-27', '2021-02-01'), span('2021-01-01', '2021-02-01'), strict)).toEqual(
      ratio(4, 30),
    );
  });

  it('let a month of 31 days come to 31/30 only under actual/360', () => {
    const january = span('2021-01-01', '2021-02-01');

    expect(shareOfPeriod(january, january, { convention: 'by_day_inclusive', fixedDaysOfMonth: 30 })).toEqual(
      ratio(31, 30),
    );
    expect(shareOfPeriod(january, january, { convention: 'thirty_360' })).toEqual(ONE);
  });
});

describe('by_second', () => {
  const settings = { convention: 'by_second' } as const;

  it('counts the moments of a change inside its day', () => {
    const whole = span('2026-06-01', '2026-07-01');
    const fromNoon = {
      start: '2026-06-16',
      end: '2026-07-01',
      startsAt: Date.UTC(2026, 5, 16, 12),
      endsAt: whole.endsAt,
    };

    expect(shareOfPeriod(fromNoon, whole, settings)).toEqual(ratio(29, 60));
  });

  it('counts the hour that a change of clocks takes away', () => {
    // New York, 10 March 2024: a day of 23 hours.
    const day = {
      start: '2024-03-10',
      end: '2024-03-11',
      startsAt: Date.parse('2024-03-10T05:00:00Z'),
      endsAt: Date.parse('2024-03-11T04:00:00Z'),
    };
    const month = {
      start: '2024-03-01',
      end: '2024-04-01',
      startsAt: Date.parse('2024-03-01T05:00:00Z'),
      endsAt: Date.parse('2024-04-01T04:00:00Z'),
    };

    expect(shareOfPeriod(day, month, settings)).toEqual(ratio(23, 31 * 24 - 1));
  });

  it('needs the instants', () => {
    expect(() =>
      shareOfPeriod({ start: '2026-06-02', end: '2026-06-03' }, { start: '2026-06-01', end: '2026-07-01' }, settings),
    ).toThrow(RangeError);
  });
});

describe('spans in the wrong order', () => {
  it.each(CONVENTIONS)('are refused by %s', (convention) => {
    const month = span('2026-06-01', '2026-07-01');

    expect(() => shareOfPeriod(span('2026-06-10', '2026-06-01'), month, { convention })).toThrow(AppError);
  });
});

describe('lines over one denominator', () => {
  /** A month cut at some of its days. */
  const cutMonth = fc
    .tuple(months, fc.uniqueArray(fc.integer({ min: 1, max: 27 }), { maxLength: 12 }))
    .map(([month, cuts]) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), daysBetween(month.start, month.end)];
      const parts = edges
        .slice(1)
        .map((edge, index) => span(addDays(month.start, edges[index] ?? 0), addDays(month.start, edge)));
      return { month, parts };
    });

  it.each(['by_day_inclusive', 'by_second'] as const)(
    'of n parts differ from the price by n/2 at most, %s',
    (convention) => {
      fc.assert(
        fc.property(cutMonth, price, ({ month, parts }, amount) => {
          const sum = parts.reduce(
            (total, part) => total + prorate(amount, shareOfPeriod(part, month, { convention })),
            0n,
          );
          const off = sum > amount ? sum - amount : amount - sum;
          expect(2n * off <= BigInt(parts.length)).toBe(true);
        }),
      );
    },
  );

  it('of n parts differ by n/2 and what nine places lose, by_day_exclusive_end', () => {
    fc.assert(
      fc.property(cutMonth, price, ({ month, parts }, amount) => {
        const settings = { convention: 'by_day_exclusive_end' } as const;
        const sum = parts.reduce((total, part) => total + prorate(amount, shareOfPeriod(part, month, settings)), 0n);
        const off = ratio(sum > amount ? sum - amount : amount - sum);
        const bound = ratio(BigInt(parts.length) * (10n ** 9n + amount), 2n * 10n ** 9n);
        expect(compareRatios(off, bound)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('grow with their days', () => {
    fc.assert(
      fc.property(months, fc.nat(26), fc.constantFrom(...CONVENTIONS), (month, days, convention) => {
        const shorter = shareOfPeriod(span(month.start, addDays(month.start, days)), month, { convention });
        const longer = shareOfPeriod(span(month.start, addDays(month.start, days + 1)), month, { convention });
        expect(compareRatios(shorter, longer)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
