import fc from 'fast-check';
import { AppError } from '../../errors';
import { type Discount, discountLines } from './discount-rules';
import { type ChargeLine, type LinePricingSettings, priceChargeLines } from './line-pricing-rules';
import { taxLines } from './tax-rules';

const tenPercent = 100_000;
const charge = (amount: bigint, taxRatePpm = tenPercent): ChargeLine => ({ amount, taxRatePpm });

const charges = fc.array(
  fc.record({
    amount: fc.bigInt({ min: 0n, max: 10n ** 10n }),
    taxRatePpm: fc.constantFrom(0, 50_000, 80_000, 100_000, 233_300),
  }),
  { minLength: 1, maxLength: 12 },
);
const discount = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 0, max: 2_000_000 }).map((ratePpm): Discount => ({ kind: 'percent', ratePpm })),
  fc.bigInt({ min: 0n, max: 10n ** 11n }).map((amount): Discount => ({ kind: 'amount', amount })),
);
const settings: fc.Arbitrary<LinePricingSettings> = fc.record({
  discount,
  discountTiming: fc.constantFrom('after_tax' as const, 'before_tax' as const),
  discountBasis: fc.constantFrom('on_total' as const, 'by_line' as const),
});

describe('tax', () => {
  it('is rounded once for each rate and spread to the lines', () => {
    const taxed = taxLines([
      { taxable: 5n, taxRatePpm: tenPercent },
      { taxable: 5n, taxRatePpm: tenPercent },
      { taxable: 5n, taxRatePpm: tenPercent },
      { taxable: 100n, taxRatePpm: 50_000 },
    ]);

    // 15 × 10 % = 1.5 → 2 over three lines; three lines rounded on their own would have made 3.
    expect(taxed).toEqual({
      tax: 7n,
      byLine: [1n, 1n, 0n, 5n],
      byRate: [
        { taxRatePpm: tenPercent, taxable: 15n, tax: 2n },
        { taxRatePpm: 50_000, taxable: 100n, tax: 5n },
      ],
    });
  });
});

describe('discount', () => {
  it('by line and on the total may differ, and each is what its name says', () => {
    const prices = [106n, 206n, 306n, 406n];
    const percent: Discount = { kind: 'percent', ratePpm: tenPercent };

    expect(discountLines(prices, percent, 'by_line')).toEqual([11n, 21n, 31n, 41n]);
    expect(discountLines(prices, percent).reduce((sum, share) => sum + share, 0n)).toBe(102n);
  });
});

describe('priceChargeLines', () => {
  it('takes the discount after the tax by default, a percentage of the subtotal', () => {
    const priced = priceChargeLines([charge(50_000n), charge(50_000n)], {
      discount: { kind: 'percent', ratePpm: tenPercent },
    });

    expect(priced).toMatchObject({ subtotal: 100_000n, tax: 10_000n, discount: 10_000n, total: 100_000n });
  });

  it('taxes what the discount leaves when the company says before_tax', () => {
    const priced = priceChargeLines([charge(50_000n), charge(50_000n)], {
      discount: { kind: 'percent', ratePpm: tenPercent },
      discountTiming: 'before_tax',
    });

    expect(priced).toMatchObject({ subtotal: 100_000n, tax: 9000n, discount: 10_000n, total: 99_000n });
  });

  it('ends at zero when the discount is worth more than everything', () => {
    const after = priceChargeLines([charge(100n), charge(200n, 0)], { discount: { kind: 'amount', amount: 1000n } });
    expect(after).toMatchObject({ subtotal: 300n, tax: 10n, discount: 310n, total: 0n });
    expect(after.lines.map((line) => line.discount)).toEqual([110n, 200n]);

    const before = priceChargeLines([charge(100n)], {
      discount: { kind: 'amount', amount: 1000n },
      discountTiming: 'before_tax',
    });
    expect(before).toMatchObject({ subtotal: 100n, tax: 0n, discount: 100n, total: 0n });
  });

  it('refuses negative charges and discounts', () => {
    expect(() => priceChargeLines([charge(-1n)])).toThrow(AppError);
    expect(() => priceChargeLines([charge(1n)], { discount: { kind: 'amount', amount: -1n } })).toThrow(AppError);
  });

  it('has columns that sum to their totals, and lines that are never negative', () => {
    fc.assert(
      fc.property(charges, settings, (lines, chosen) => {
        const priced = priceChargeLines(lines, chosen);
        const sumOf = (pick: (line: (typeof priced.lines)[number]) => bigint) =>
          priced.lines.reduce((sum, line) => sum + pick(line), 0n);

        expect(sumOf((line) => line.amount)).toBe(priced.subtotal);
        expect(sumOf((line) => line.tax)).toBe(priced.tax);
        expect(sumOf((line) => line.discount)).toBe(priced.discount);
        expect(sumOf((line) => line.total)).toBe(priced.total);
        expect(priced.taxes.reduce((sum, rate) => sum + rate.tax, 0n)).toBe(priced.tax);
        expect(priced.total).toBe(priced.subtotal + priced.tax - priced.discount);
        expect(priced.lines.every((line) => line.total >= 0n && line.discount >= 0n && line.tax >= 0n)).toBe(true);
      }),
    );
  });

  it('is max(0, subtotal + tax − discount) for every amount taken after tax', () => {
    fc.assert(
      fc.property(charges, fc.bigInt({ min: 0n, max: 10n ** 12n }), (lines, amount) => {
        const priced = priceChargeLines(lines, { discount: { kind: 'amount', amount } });
        const asDocumented = priced.subtotal + priced.tax - amount;
        expect(priced.total).toBe(asDocumented > 0n ? asDocumented : 0n);
      }),
    );
  });
});
