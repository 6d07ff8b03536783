import fc from 'fast-check';

import { takeTaxOut, withoutTax } from './included-tax-rules';

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);
const lines = fc.array(
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 1_000 }))
    .map(([full, share]) => ({ full, left: (full * BigInt(share)) / 1_000n })),
  { minLength: 1, maxLength: 12 },
);
/** Prices of a few units too, where every rounding shows. */
const anyLines = fc.oneof(
  lines,
  fc.array(
    fc.bigInt({ min: 0n, max: 3n }).map((full) => ({ full, left: full })),
    { minLength: 1, maxLength: 12 },
  ),
);
const rates = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 4 });
const combined = (of: readonly number[]) => of.reduce((total, rate) => total + rate, 0);

describe('the tax in a price', () => {
  it.each([
    [110_000n, 100_000, 100_000n],
    [100n, 250_000, 80n],
    [99_999n, 100_000, 90_908n],
    [1n, 1_000_000, 1n],
    [50_000n, 0, 50_000n],
    [0n, 80_000, 0n],
  ])('of %d at %d ppm leaves %d', (amount, ratePpm, net) => {
    expect(withoutTax(amount, ratePpm)).toBe(net);
  });

  it('of several rates is taken on the price without all of them: 10 % and 30 % in 140,000', () => {
    expect(takeTaxOut([{ full: 140_000n, left: 140_000n }], [100_000, 300_000])).toEqual([
      { taxes: [10_000n, 30_000n], net: 100_000n, discount: 0n },
    ]);
  });

  it('and what is left of the price sum to it, on every line, and nothing is below 0', () => {
    fc.assert(
      fc.property(anyLines, rates, (given, of) => {
        takeTaxOut(given, of).forEach(({ taxes, net, discount }, index) => {
          const { full, left } = given[index] as (typeof given)[number];
          expect(net + sum(taxes)).toBe(left);
          expect([net, ...taxes, discount, full - left - discount].every((amount) => amount >= 0n)).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is rounded once over all lines, and so is what they come to without it', () => {
    fc.assert(
      fc.property(anyLines, rates, (given, of) => {
        const taken = takeTaxOut(given, of);
        const [full, left] = [sum(given.map((line) => line.full)), sum(given.map((line) => line.left))];

        expect(sum(taken.map(({ net }) => net))).toBe(withoutTax(left, combined(of)));
        expect(sum(taken.map(({ net, discount }) => net + discount))).toBe(withoutTax(full, combined(of)));
      }),
    );
  });

  it('is of each rate the same in every order of the lines, and within a unit of its exact part', () => {
    const shuffled = anyLines.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length })),
    );

    fc.assert(
      fc.property(shuffled, rates, ([given, other], of) => {
        const byRate = (of_: typeof given) => {
          const taken = takeTaxOut(of_, of);

          return of.map((_rate, nth) => sum(taken.map(({ taxes }) => taxes[nth] as bigint)));
        };
        const totals = byRate(given);
        expect(byRate(other)).toEqual(totals);

        const tax = sum(totals);
        totals.forEach((amount, nth) => {
          const off = amount * BigInt(combined(of)) - tax * BigInt(of[nth] as number);
          expect((off < 0n ? -off : off) <= BigInt(combined(of))).toBe(true);
        });
      }),
    );
  });

  it('is none of a line that costs nothing, and no discount is put on one that has none', () => {
    fc.assert(
      fc.property(anyLines, rates, (given, of) => {
        takeTaxOut(given, of).forEach(({ taxes, discount }, index) => {
          const { full, left } = given[index] as (typeof given)[number];
          expect(left > 0n || sum(taxes) === 0n).toBe(true);
          expect(full > left || discount === 0n).toBe(true);
        });
      }),
    );
  });
});
