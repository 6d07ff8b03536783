import fc from 'fast-check';
import { graduatedPrice, packagePrice, percentagePrice, type PriceTier, volumePrice } from './price-model-rules';
import { compareRatios, parseDecimal, ratio, ZERO } from './ratio-rules';

const tier = (upTo: number | null, unitPrice: string, flatPrice: string): PriceTier => ({
  upTo: upTo === null ? null : ratio(upTo),
  unitPrice: parseDecimal(unitPrice),
  flatPrice: parseDecimal(flatPrice),
});

describe('graduated', () => {
  const tiers = [tier(10, '10', '2'), tier(20, '5', '3'), tier(null, '5', '3')];

  it.each([
    ['0', 2],
    ['1', 12],
    ['10', 102],
    ['11', 110],
    ['12', 115],
    ['21', 163],
  ])('%s units cost %d', (units, expected) => {
    expect(graduatedPrice(parseDecimal(units), tiers)).toEqual(ratio(expected));
  });

  it('never costs less for more', () => {
    const units = fc.integer({ min: 0, max: 10_000 }).map((tenths) => ratio(tenths, 10));
    fc.assert(
      fc.property(units, units, (left, right) => {
        const order = compareRatios(left, right);
        expect(compareRatios(graduatedPrice(left, tiers), graduatedPrice(right, tiers)) * order).toBeGreaterThanOrEqual(
          0,
        );
      }),
    );
  });
});

describe('volume', () => {
  const tiers = [tier(100, '2', '10'), tier(200, '1', '0'), tier(null, '0.5', '50')];

  it.each([
    ['0', '10'],
    ['100', '210'],
    ['100.5', '100.5'],
    ['200', '200'],
    ['300', '200'],
  ])('%s units cost %s', (units, expected) => {
    expect(volumePrice(parseDecimal(units), tiers)).toEqual(parseDecimal(expected));
  });

  it('refuses units beyond a last tier that ends', () => {
    expect(() => volumePrice(ratio(201), tiers.slice(0, 2))).toThrow(RangeError);
  });
});

describe('packages', () => {
  it.each([
    [121, 0, 1300],
    [121, 120, 100],
    [121, 121, 0],
    [121, 200, 0],
  ])('%d units, %d of them free, cost %d', (units, free, expected) => {
    expect(packagePrice(ratio(units), ratio(10), ratio(100), ratio(free))).toEqual(ratio(expected));
  });
});

describe('percentage', () => {
  const pricing = { ratePpm: 13_000, fixedPerEvent: ratio(2), free: { events: 3, amount: ratio(250) } };

  it('lets the first events pass that fit into the free amount', () => {
    expect(
      percentagePrice(
        ratio(800),
        4,
        [50, 150, 400].map((sum) => ratio(sum)),
        pricing,
      ),
    ).toEqual(parseDecimal('11.15'));
  });

  it('charges everything when nothing is free', () => {
    expect(percentagePrice(ratio(800), 4, [], { ...pricing, free: null })).toEqual(parseDecimal('18.4'));
  });

  it('is never negative', () => {
    expect(percentagePrice(ratio(100), 1, [ratio(100)], pricing)).toEqual(ZERO);
  });
});
