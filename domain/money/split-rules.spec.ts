import fc from 'fast-check';
import { splitByLargestRemainder } from './split-rules';

const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 });
const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });

describe('splitByLargestRemainder', () => {
  it.each([
    [299n, [4300n, 1400n, 2300n], [161n, 52n, 86n]],
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [11n, [0n, 0n, 0n], [4n, 4n, 3n]],
    [7n, [0n, 5n], [0n, 7n]],
    [0n, [3n, 4n], [0n, 0n]],
    [0n, [], []],
  ])('splits %s over %j', (total, over, expected) => {
    expect(splitByLargestRemainder(total, over)).toEqual(expected);
  });

  it('refuses a negative weight, and an amount that nothing carries', () => {
    expect(() => splitByLargestRemainder(1n, [2n, -1n])).toThrow(RangeError);
    expect(() => splitByLargestRemainder(1n, [])).toThrow(RangeError);
  });

  it('sums to the amount', () => {
    fc.assert(
      fc.property(amount, weights, (total, over) => {
        expect(splitByLargestRemainder(total, over).reduce((sum, share) => sum + share, 0n)).toBe(total);
      }),
    );
  });

  it('gives every line its exact share but for less than one unit', () => {
    fc.assert(
      fc.property(amount, weights, (total, over) => {
        const whole = over.reduce((sum, weight) => sum + weight, 0n);
        fc.pre(whole > 0n);
        splitByLargestRemainder(total, over).forEach((share, index) => {
          const off = share * whole - total * (over[index] ?? 0n);
          expect(off < whole && off > -whole).toBe(true);
        });
      }),
    );
  });

  it('never gives a line more than its weight when the weights cover the amount', () => {
    fc.assert(
      fc.property(weights, fc.bigInt({ min: 0n, max: 10n ** 6n }), (over, part) => {
        const whole = over.reduce((sum, weight) => sum + weight, 0n);
        fc.pre(whole > 0n);
        splitByLargestRemainder((whole * part) / 10n ** 6n, over).forEach((share, index) => {
          expect(share <= (over[index] ?? 0n)).toBe(true);
        });
      }),
    );
  });

  it('mirrors a charge when the amount is taken back', () => {
    fc.assert(
      fc.property(amount, weights, (total, over) => {
        expect(splitByLargestRemainder(-total, over)).toEqual(splitByLargestRemainder(total, over).map((s) => -s));
      }),
    );
  });
});
