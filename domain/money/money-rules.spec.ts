import fc from 'fast-check';
import { AppError } from '../errors';
import { applyRate, assertOneCurrency, rateFromFraction, toMinorUnits, toSafeNumber } from './money-rules';
import { ratio } from './ratio-rules';

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('amounts at the edges', () => {
  it('passes every safe integer in and out unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(toSafeNumber(toMinorUnits(amount))).toBe(amount + 0);
      }),
    );
  });

  it.each([0.5, NaN, Infinity, 2 ** 53])('refuses %d', (amount) => {
    expect(codeOf(() => toMinorUnits(amount))).toBe('amount_out_of_range');
  });

  it('refuses to hand out what a number cannot hold, and names the field', () => {
    expect(() => toSafeNumber(2n ** 53n, 'totalAmount')).toThrow(
      expect.objectContaining({ code: 'amount_out_of_range', field: 'totalAmount' }),
    );
    expect(toSafeNumber(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('currencies', () => {
  it('do not mix on one invoice', () => {
    expect(codeOf(() => assertOneCurrency(['VND', 'vnd']))).toBeUndefined();
    expect(codeOf(() => assertOneCurrency(['VND', 'USD']))).toBe('currency_mismatch');
  });
});

describe('rates', () => {
  it('are whole parts per million', () => {
    expect(rateFromFraction('0.1')).toBe(100_000);
    expect(applyRate(50_000n, 100_000)).toEqual(ratio(5000));
  });

  it.each(['0.0000001', '-0.1'])('refuse %s', (text) => {
    expect(codeOf(() => rateFromFraction(text))).toBe('amount_out_of_range');
  });
});
