import fc from 'fast-check';
import {
  addRatios,
  compareRatios,
  divideRatios,
  formatDecimal,
  formatExactDecimal,
  multiplyRatios,
  parseDecimal,
  type Ratio,
  ratio,
  roundDown,
  roundHalfUp,
  roundToPlaces,
  roundUp,
} from './ratio-rules';

const negative = (value: Ratio) => multiplyRatios(value, ratio(-1));

const anyRatio = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.bigInt({ min: 1n, max: 10n ** 9n }))
  .map(([numerator, denominator]) => ratio(numerator, denominator));

describe('ratio', () => {
  it('is kept in lowest terms with a positive denominator', () => {
    expect(ratio(6, -4)).toEqual({ numerator: -3n, denominator: 2n });
    expect(ratio(0, 7)).toEqual({ numerator: 0n, denominator: 1n });
  });

  it('refuses a denominator of zero', () => {
    expect(() => ratio(1, 0)).toThrow(RangeError);
    expect(() => divideRatios(ratio(1), ratio(0))).toThrow(RangeError);
  });

  it('obeys the arithmetic of fractions', () => {
    fc.assert(
      fc.property(anyRatio, anyRatio, anyRatio, (a, b, c) => {
        expect(addRatios(addRatios(a, b), negative(b))).toEqual(a);
        expect(multiplyRatios(a, addRatios(b, c))).toEqual(addRatios(multiplyRatios(a, b), multiplyRatios(a, c)));
        expect(compareRatios(a, b)).toBe(-compareRatios(b, a) + 0);
      }),
    );
  });
});

describe('rounding', () => {
  it.each([
    ['2.5', 3n],
    ['-2.5', -3n],
    ['2.4999999999', 2n],
    ['-2.4999999999', -2n],
    ['0.5', 1n],
    ['-0.5', -1n],
    ['0', 0n],
  ])('takes %s to %s, a half away from zero', (text, expected) => {
    expect(roundHalfUp(parseDecimal(text))).toBe(expected);
  });

  it('is never further than a half from the value, and between the floor and the ceiling', () => {
    fc.assert(
      fc.property(anyRatio, (value) => {
        const rounded = ratio(roundHalfUp(value));
        const gap = addRatios(rounded, negative(value));
        expect(compareRatios(multiplyRatios(gap, gap), ratio(1, 4))).toBeLessThanOrEqual(0);
        expect(roundDown(value) <= rounded.numerator && rounded.numerator <= roundUp(value)).toBe(true);
        expect(compareRatios(ratio(roundDown(value)), value)).toBeLessThanOrEqual(0);
        expect(compareRatios(ratio(roundUp(value)), value)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('mirrors around zero', () => {
    fc.assert(
      fc.property(anyRatio, (value) => {
        expect(roundHalfUp(multiplyRatios(value, ratio(-1)))).toBe(-roundHalfUp(value));
      }),
    );
  });
});

describe('decimal text', () => {
  it('is read exactly, whatever binary floating point would make of it', () => {
    expect(parseDecimal('2.675')).toEqual(ratio(107, 40));
    expect(parseDecimal('-0.1')).toEqual(ratio(-1, 10));
  });

  it.each(['', '1,5', '1e3', '.5', '5.', 'NaN', '--1'])('refuses %j', (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it('is written with as many places as asked for', () => {
    expect(formatDecimal(ratio(2, 3), 2)).toBe('0.67');
    expect(formatDecimal(ratio(-1, 200), 2)).toBe('-0.01');
    expect(formatDecimal(ratio(-1, 300), 2)).toBe('0.00');
    expect(formatDecimal(ratio(7, 2), 0)).toBe('4');
  });

  it('comes back the same after writing and reading', () => {
    fc.assert(
      fc.property(anyRatio, fc.integer({ min: 0, max: 12 }), (value, places) => {
        expect(parseDecimal(formatDecimal(value, places))).toEqual(roundToPlaces(value, places));
      }),
    );
  });

  it('is written with the places that it has', () => {
    expect(['0.125', '-12.5', '1000', '0'].map((text) => formatExactDecimal(parseDecimal(text)))).toEqual([
      '0.125',
      '-12.5',
      '1000',
      '0',
    ]);
    expect(() => formatExactDecimal(ratio(1, 3))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 20 }), (numerator, places) => {
        const value = ratio(numerator, 10n ** BigInt(places));
        expect(parseDecimal(formatExactDecimal(value))).toEqual(value);
      }),
    );
  });
});
