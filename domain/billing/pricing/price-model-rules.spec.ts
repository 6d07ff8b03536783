import fc from 'fast-check';

import { addRatios, compareRatios, formatExactDecimal, parseDecimal, type Ratio, ratio } from '../../money/ratio-rules';
import { priceUsage } from './price-model-rules';
import type { PriceModel, PriceTier } from './price-model-types';

const price = (model: PriceModel, units: string) => {
  const priced = priceUsage(model, { units: parseDecimal(units) });

  return [formatExactDecimal(priced.value), Number(priced.amount)];
};

describe('what usage costs', () => {
  it.each<[string, PriceModel, string, string, number]>([
    ['flat', { model: 'flat', amount: 500 }, '0', '500', 500],
    ['flat above free units', { model: 'flat', amount: 500, freeUnits: '10' }, '10', '0', 0],
    ['flat above free units, more used', { model: 'flat', amount: 500, freeUnits: '10' }, '10.5', '500', 500],
    ['per unit, of less than a minor unit', { model: 'per_unit', unitPrice: '0.25' }, '3', '0.75', 1],
    ['per unit, half up', { model: 'per_unit', unitPrice: '0.5' }, '3', '1.5', 2],
    ['per unit after free units', { model: 'per_unit', unitPrice: '2', freeUnits: '1.5' }, '4', '5', 5],
    ['per unit of nothing', { model: 'per_unit', unitPrice: '2' }, '0', '0', 0],
    ['per unit of corrections', { model: 'per_unit', unitPrice: '2' }, '-5', '0', 0],
    ['the minimum', { model: 'per_unit', unitPrice: '2', minimumAmount: 100 }, '4', '100', 100],
    ['more than the minimum', { model: 'per_unit', unitPrice: '2', minimumAmount: 100 }, '51', '102', 102],
    ['a begun package', { model: 'package', packageSize: '1000', packageAmount: 30 }, '1000.001', '60', 60],
    ['a full package', { model: 'package', packageSize: '1000', packageAmount: 30 }, '1000', '30', 30],
    [
      'packages after free units',
      { model: 'package', packageSize: '0.5', packageAmount: 3, freeUnits: '1' },
      '2',
      '6',
      6,
    ],
    ['a rate', { model: 'percentage', ratePpm: 13_000, freeUnits: '250' }, '800', '7.15', 7],
  ])('%s', (_, model, units, exact, amount) => {
    expect(price(model, units)).toEqual([exact, amount]);
  });

  const tiers: PriceTier[] = [
    { upTo: '100', unitPrice: '2', flatAmount: 10 },
    { upTo: '200', unitPrice: '1' },
    { upTo: null, unitPrice: '0.5', flatAmount: 50 },
  ];

  it.each([
    ['graduated', '100', '210'],
    ['graduated', '100.5', '210.5'],
    ['graduated', '201', '360.5'],
    ['volume', '100', '210'],
    ['volume', '100.5', '100.5'],
    ['volume', '201', '150.5'],
  ] as const)('%s tiers: %s units are %s', (model, units, exact) => {
    expect(price({ model, tiers }, units)[0]).toBe(exact);
  });

  it('says what each part of it is for', () => {
    const { charges } = priceUsage(
      { model: 'graduated', tiers, freeUnits: '10', minimumAmount: 1_000 },
      { units: parseDecimal('120') },
    );

    expect(
      charges.map(({ kind, quantity, value }) => [kind, formatExactDecimal(quantity), formatExactDecimal(value)]),
    ).toEqual([
      ['tier', '100', '210'],
      ['tier', '10', '10'],
      ['minimum', '1', '780'],
    ]);
  });

  it('frees events only as far as their running sum is free', () => {
    const model: PriceModel = { model: 'percentage', ratePpm: 0, eventPrice: '1.5', freeUnits: '100', freeEvents: 2 };
    const value = (runningSums: number[]) =>
      priceUsage(model, { units: ratio(500), events: 4, runningSums: runningSums.map((sum) => ratio(sum)) }).value;

    expect([[50, 100, 100], [50, 101], [101], []].map((sums) => formatExactDecimal(value(sums)))).toEqual([
      '3',
      '4.5',
      '6',
      '6',
    ]);
  });
});

const decimals = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 4 }))
    .map(([digits, places]) => formatExactDecimal(ratio(digits, 10n ** BigInt(places))));
const money = fc.integer({ min: 0, max: 100_000 });
const terms = fc.record({ freeUnits: decimals(1_000), minimumAmount: money }, { requiredKeys: [] });
const anyTiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { maxLength: 5 }),
    fc.array(fc.tuple(decimals(9_999), money), { minLength: 6, maxLength: 6 }),
  )
  .map(([ends, prices]): PriceTier[] =>
    [...ends.sort((a, b) => a - b).map(String), null].map((upTo, index) => {
      const [unitPrice, flatAmount] = prices[index] as [string, number];

      return { upTo, unitPrice, flatAmount };
    }),
  );
const notVolume: fc.Arbitrary<PriceModel> = fc
  .tuple(
    terms,
    fc.oneof(
      fc.record({ model: fc.constant('flat' as const), amount: money }),
      fc.record({ model: fc.constant('per_unit' as const), unitPrice: decimals(9_999) }),
      fc.record({
        model: fc.constant('package' as const),
        packageSize: fc.integer({ min: 1, max: 50 }).map(String),
        packageAmount: money,
      }),
      fc.record({ model: fc.constant('graduated' as const), tiers: anyTiers }),
      fc.record({
        model: fc.constant('percentage' as const),
        ratePpm: fc.integer({ min: 0, max: 2_000_000 }),
        eventPrice: decimals(99),
      }),
    ),
  )
  .map(([shared, model]) => ({ ...model, ...shared }));
const anyModel = fc.oneof(
  notVolume,
  fc.tuple(terms, anyTiers).map(([shared, tiers]): PriceModel => ({ model: 'volume', tiers, ...shared })),
);
const units = decimals(3_000_000).map(parseDecimal);

describe('every price', () => {
  it('is never negative, at least its minimum, and the sum of its charges', () => {
    fc.assert(
      fc.property(
        anyModel,
        fc.oneof(
          units,
          units.map(({ numerator, denominator }) => ratio(-numerator, denominator)),
        ),
        (model, used) => {
          const { charges, value, amount } = priceUsage(model, { units: used, events: 3 });

          expect(charges.every((charge) => charge.value.numerator >= 0n && charge.quantity.numerator >= 0n)).toBe(true);
          expect(charges.map((charge) => charge.value).reduce(addRatios, ratio(0))).toEqual(value);
          expect(compareRatios(value, ratio(model.minimumAmount ?? 0))).toBeGreaterThanOrEqual(0);
          expect(amount).toBeGreaterThanOrEqual(BigInt(model.minimumAmount ?? 0));
        },
      ),
    );
  });

  it('but by volume never falls as more is used', () => {
    fc.assert(
      fc.property(notVolume, units, units, (model, some, more) => {
        const value = (used: Ratio) => priceUsage(model, { units: used, events: 3 }).value;

        expect(compareRatios(value(addRatios(some, more)), value(some))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('by volume falls only where another tier begins', () => {
    fc.assert(
      fc.property(anyTiers, units, units, (tiers, one, other) => {
        const tierOf = (used: Ratio) =>
          tiers.findIndex(({ upTo }) => upTo === null || compareRatios(used, parseDecimal(upTo)) <= 0);
        const value = (used: Ratio) => priceUsage({ model: 'volume', tiers }, { units: used }).value;

        fc.pre(tierOf(one) === tierOf(other));
        expect(compareRatios(value(one), value(other)) * compareRatios(one, other)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('by graduated tiers is what its units cost one by one', () => {
    fc.assert(
      fc.property(anyTiers, fc.integer({ min: 0, max: 2_500 }), (tiers, count) => {
        let expected = ratio(0);
        let reached = -1;

        for (let unit = 0; unit <= count; unit += 1) {
          const index = tiers.findIndex(({ upTo }) => upTo === null || unit <= Number(upTo));
          const tier = tiers[index] as PriceTier;
          expected = addRatios(expected, unit === 0 ? ratio(0) : parseDecimal(tier.unitPrice));
          for (; reached < index; reached += 1) {
            expected = addRatios(expected, ratio(tiers[reached + 1]?.flatAmount ?? 0));
          }
        }
        expect(priceUsage({ model: 'graduated', tiers }, { units: ratio(count) }).value).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves free units out, whatever the model', () => {
    fc.assert(
      fc.property(
        anyTiers,
        fc.constantFrom('graduated' as const, 'volume' as const),
        units,
        decimals(1_000),
        (tiers, model, used, freeUnits) => {
          const freed = priceUsage({ model, tiers, freeUnits }, { units: addRatios(used, parseDecimal(freeUnits)) });

          expect(freed.value).toEqual(priceUsage({ model, tiers }, { units: used }).value);
        },
      ),
    );
  });
});
