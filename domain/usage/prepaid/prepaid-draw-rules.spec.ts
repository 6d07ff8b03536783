import fc from 'fast-check';

import {
  addRatios,
  compareRatios,
  formatExactDecimal,
  type Ratio,
  ratio,
  subtractRatios,
  ZERO,
} from '../../money/ratio-rules';
import { type BilledTime, drawPrepaid, spansToCount, type TopUp, topUpsThatCount } from './prepaid-draw-rules';

interface UsageAt {
  at: number;
  units: number;
}

/** As the events are counted: summed over each span. */
function drawing(topUps: readonly TopUp[], billed: readonly BilledTime[], events: readonly UsageAt[]) {
  const used = spansToCount(topUps, billed).map((span) => ({
    ...span,
    units: ratio(
      events
        .filter(({ at }) => span.startsAt <= at && (span.endsAt === null || at < span.endsAt))
        .reduce((sum, { units }) => sum + units, 0),
    ),
  }));

  return { ...drawPrepaid(topUps, billed, used), used };
}

const sumOf = (values: readonly Ratio[]) => values.reduce(addRatios, ZERO);
const within = <Span extends { startsAt: number }>(spans: readonly Span[], { startsAt, endsAt }: BilledTime) =>
  spans.filter((span) => startsAt <= span.startsAt && span.startsAt < endsAt);

const topUp = (id: number, units: number, from: number, until: number | null = null): TopUp => ({
  id,
  units: ratio(units),
  from,
  until,
});
const month = (startsAt: number, freeUnits = 0, isPrepayable = true): BilledTime => ({
  startsAt,
  endsAt: startsAt + 30,
  freeUnits: ratio(freeUnits),
  isPrepayable,
});

/** Drawn of each top-up, and covered of each billed time. */
function summary(topUps: readonly TopUp[], billed: readonly BilledTime[], events: readonly UsageAt[]) {
  const { drawn, spans } = drawing(topUps, billed, events);

  return {
    drawn: topUps.map(({ id }) => formatExactDecimal(drawn.get(id) ?? ZERO)),
    covered: billed.map((time) => formatExactDecimal(sumOf(within(spans, time).map(({ covered }) => covered)))),
  };
}

describe('drawing usage on units that were bought ahead', () => {
  it.each<
    [string, readonly TopUp[], readonly BilledTime[], readonly UsageAt[], { drawn: string[]; covered: string[] }]
  >([
    [
      'covers usage until it is used up',
      [topUp(1, 1_000, 0)],
      [month(0)],
      [{ at: 5, units: 1_300 }],
      { drawn: ['1000'], covered: ['1000'] },
    ],
    [
      'covers nothing from before its payment',
      [topUp(1, 1_000, 10)],
      [month(0)],
      [
        { at: 9, units: 400 },
        { at: 10, units: 5 },
      ],
      { drawn: ['5'], covered: ['5'] },
    ],
    [
      'goes on into the next period',
      [topUp(1, 100, 0)],
      [month(0), month(30)],
      [
        { at: 5, units: 70 },
        { at: 31, units: 70 },
      ],
      { drawn: ['100'], covered: ['70', '30'] },
    ],
    [
      'takes first what expires first',
      [topUp(1, 100, 0), topUp(2, 100, 5, 20)],
      [month(0)],
      [{ at: 6, units: 120 }],
      { drawn: ['20', '100'], covered: ['120'] },
    ],
    [
      'takes in its turn what was taken back later',
      [topUp(1, 100, 0), { ...topUp(2, 100, 5, 20), expiresAt: null }],
      [month(0)],
      [{ at: 6, units: 120 }],
      { drawn: ['100', '20'], covered: ['120'] },
    ],
    [
      'takes of two alike what was there first',
      [topUp(2, 100, 0), topUp(1, 100, 1)],
      [month(0)],
      [{ at: 6, units: 120 }],
      { drawn: ['100', '20'], covered: ['120'] },
    ],
    [
      'covers nothing once it has expired',
      [topUp(1, 100, 0, 20)],
      [month(0)],
      [
        { at: 19, units: 30 },
        { at: 20, units: 50 },
      ],
      { drawn: ['30'], covered: ['30'] },
    ],
    [
      'leaves free units of the period to be used first',
      [topUp(1, 100, 0)],
      [month(0, 40)],
      [{ at: 1, units: 50 }],
      { drawn: ['10'], covered: ['10'] },
    ],
    [
      'counts what used free units before its payment',
      [topUp(1, 100, 10)],
      [month(0, 40)],
      [
        { at: 1, units: 35 },
        { at: 11, units: 10 },
      ],
      { drawn: ['5'], covered: ['5'] },
    ],
    [
      'is used before free units where it expires before their period',
      [topUp(1, 30, 0, 10)],
      [month(0, 40)],
      [{ at: 1, units: 50 }],
      { drawn: ['30'], covered: ['30'] },
    ],
    [
      'is drawn between billed times as well',
      [topUp(1, 100, 0)],
      [month(0), month(40)],
      [
        { at: 35, units: 80 },
        { at: 41, units: 80 },
      ],
      { drawn: ['100'], covered: ['0', '20'] },
    ],
    [
      'is drawn where nothing is billed at all',
      [topUp(1, 100, 0)],
      [],
      [{ at: 35, units: 130 }],
      { drawn: ['100'], covered: [] },
    ],
    [
      'is left alone by a price that knows no units',
      [topUp(1, 100, 0)],
      [month(0, 0, false)],
      [{ at: 5, units: 80 }],
      { drawn: ['0'], covered: ['0'] },
    ],
    [
      'gives back by a correction what is charged first, then what it covered',
      [topUp(1, 100, 0, 20)],
      [month(0)],
      [
        { at: 5, units: 130 },
        { at: 20, units: -70 },
      ],
      { drawn: ['60'], covered: ['60'] },
    ],
    [
      'makes up for a correction before it is drawn',
      [topUp(1, 100, 0), topUp(2, 10, 5)],
      [month(0)],
      [
        { at: 1, units: -20 },
        { at: 6, units: 50 },
      ],
      { drawn: ['30', '0'], covered: ['30'] },
    ],
    [
      'gives nothing back to another period',
      [topUp(1, 100, 0)],
      [month(0), month(30)],
      [
        { at: 5, units: 80 },
        { at: 31, units: -30 },
      ],
      { drawn: ['80'], covered: ['80', '0'] },
    ],
  ])('%s', (_name, topUps, billed, events, expected) => {
    expect(summary(topUps, billed, events)).toEqual(expected);
  });

  it('counts nothing where no top-up reaches', () => {
    expect(spansToCount([], [month(0)])).toEqual([]);
    expect(spansToCount([topUp(1, 1, 100, 110)], [month(0), month(90)])).toEqual([
      { startsAt: 90, endsAt: 100 },
      { startsAt: 100, endsAt: 110 },
      { startsAt: 110, endsAt: 120 },
    ]);
  });

  const anyTopUps = fc
    .array(
      fc.record({
        units: fc.integer({ min: 1, max: 60 }),
        from: fc.integer({ min: 0, max: 90 }),
        days: fc.option(fc.integer({ min: 1, max: 60 })),
      }),
      { maxLength: 5 },
    )
    .map((list) =>
      list.map(({ units, from, days }, id) => topUp(id + 1, units, from, days === null ? null : from + days)),
    );
  const anyBilled = fc
    .array(
      fc.record({
        isThere: fc.boolean(),
        free: fc.integer({ min: 0, max: 30 }),
        isPrepayable: fc.constantFrom(true, true, false),
      }),
      { minLength: 4, maxLength: 4 },
    )
    .map((list) =>
      list.flatMap(({ isThere, free, isPrepayable }, nth) => (isThere ? [month(nth * 30, free, isPrepayable)] : [])),
    );
  const anyEvents = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 130 }), units: fc.integer({ min: -20, max: 60 }) }),
    { maxLength: 20 },
  );
  const onlyUses = anyEvents.map((events) => events.map(({ at, units }) => ({ at, units: Math.abs(units) })));

  it('draws no more than was bought, and covers what it draws', () => {
    fc.assert(
      fc.property(anyTopUps, anyBilled, anyEvents, (topUps, billed, events) => {
        const { drawn, spans } = drawing(topUps, billed, events);

        for (const { id, units } of topUps) {
          const used = drawn.get(id) ?? ZERO;
          expect(used.numerator >= 0n && compareRatios(used, units) <= 0).toBe(true);
        }
        expect(sumOf(spans.map(({ covered }) => covered))).toEqual(sumOf([...drawn.values()]));
      }),
    );
  });

  it('covers at least nothing, and no more than was used, of each billed time', () => {
    fc.assert(
      fc.property(anyTopUps, anyBilled, anyEvents, (topUps, billed, events) => {
        const { spans } = drawing(topUps, billed, events);

        for (const time of billed) {
          const covered = sumOf(within(spans, time).map((span) => span.covered));
          const used = sumOf(within(spans, time).map((span) => span.units));
          expect(covered.numerator).toBeGreaterThanOrEqual(0n);
          expect(compareRatios(covered, used.numerator < 0n ? ZERO : used)).toBeLessThanOrEqual(0);
          expect(time.isPrepayable || covered.numerator === 0n).toBe(true);
        }
      }),
    );
  });

  it('is the same for any order and any batches of events, and any order of top-ups', () => {
    fc.assert(
      fc.property(
        anyTopUps,
        anyBilled,
        anyEvents,
        fc.integer({ min: 0, max: 1_000 }),
        (topUps, billed, events, seed) => {
          const mixed = <Item>(list: readonly Item[]) =>
            [...list]
              .map((item, nth) => ({ item, key: ((nth + 1) * 7919 * (seed + 1)) % 1_009 }))
              .sort((one, other) => one.key - other.key)
              .map(({ item }) => item);
          const split = events.flatMap(({ at, units }) => [
            { at, units: units - 3 },
            { at, units: 3 },
          ]);
          const first = drawing(topUps, billed, events);
          const second = drawing(mixed(topUps), mixed(billed), mixed(split));

          expect(second.spans).toEqual(first.spans);
          expect(topUps.map(({ id }) => second.drawn.get(id))).toEqual(topUps.map(({ id }) => first.drawn.get(id)));
        },
      ),
    );
  });

  it('leaves nothing uncovered while units are there, and never charges more for another top-up', () => {
    fc.assert(
      fc.property(anyTopUps, anyBilled, onlyUses, (topUps, billed, events) => {
        const uncovered = (list: readonly TopUp[]) =>
          sumOf(drawing(list, billed, events).spans.map(({ covered }) => subtractRatios(ZERO, covered)));

        for (const { id } of topUps) {
          expect(
            compareRatios(uncovered(topUps), uncovered(topUps.filter((one) => one.id !== id))),
          ).toBeLessThanOrEqual(0);
        }
        const { drawn, spans } = drawing(topUps, billed, events);
        const open = spans.at(-1);
        const hasLeft = topUps.some(
          (one) => one.until === null && compareRatios(drawn.get(one.id) ?? ZERO, one.units) < 0,
        );

        if (open !== undefined && open.endsAt === null && hasLeft) {
          expect(open.covered).toEqual(open.units);
        }
      }),
    );
  });

  it('is the same from an instant on without what was over long before', () => {
    fc.assert(
      fc.property(
        anyTopUps,
        anyBilled,
        anyEvents,
        fc.integer({ min: 0, max: 130 }),
        (topUps, billed, events, since) => {
          const counting = topUpsThatCount(topUps, billed, since);
          const all = drawing(topUps, billed, events);
          const fewer = drawing(counting, billed, events);
          const coveredSince = (spans: typeof all.spans) =>
            sumOf(spans.filter(({ startsAt }) => startsAt >= since).map(({ covered }) => covered));

          for (const { id, until } of topUps) {
            if (until === null || until > since) {
              expect(fewer.drawn.get(id)).toEqual(all.drawn.get(id));
            }
          }
          for (const time of billed.filter(({ endsAt }) => endsAt > since)) {
            const covered = (spans: typeof all.spans) => sumOf(within(spans, time).map((span) => span.covered));
            expect(covered(fewer.spans)).toEqual(covered(all.spans));
          }
          expect(coveredSince(fewer.spans.filter(isUncut))).toEqual(coveredSince(all.spans.filter(isUncut)));

          function isUncut({ startsAt }: { startsAt: number }) {
            return billed.some((time) => time.startsAt <= startsAt && startsAt < time.endsAt);
          }
        },
      ),
    );
    expect(
      topUpsThatCount([topUp(1, 5, 0, 20), topUp(2, 5, 40)], [month(0), month(30)], 70).map(({ id }) => id),
    ).toEqual([2]);
    expect(
      topUpsThatCount([topUp(1, 5, 0, 35), topUp(2, 5, 40)], [month(0), month(30)], 70).map(({ id }) => id),
    ).toEqual([1, 2]);
  });
});
