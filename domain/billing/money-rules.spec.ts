import fc from 'fast-check';
import { AppError } from '../errors';
import {
  applyRate,
  assertOneCurrency,
  currencyDigits,
  formatAmount,
  parseAmount,
  rateFromFraction,
  rateFromPercent,
  toCardNetworkUnits,
  toMinorUnits,
  toSafeNumber,
} from './money-rules';
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
  it.each([
    ['VND', 0],
    ['JPY', 0],
    ['usd', 2],
    ['EUR', 2],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s has %d decimals', (currency, digits) => {
    expect(currencyDigits(currency)).toBe(digits);
  });

  it('rounds half up on the decimal text, not on a binary number', () => {
    expect(parseAmount('2.675', 'USD')).toBe(268n);
    expect(parseAmount('1.005', 'USD')).toBe(101n);
    expect(parseAmount('-2.675', 'USD')).toBe(-268n);
    expect(parseAmount('50000', 'VND')).toBe(50_000n);
    expect(parseAmount('5.1245', 'KWD')).toBe(5125n);
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom('VND', 'USD', 'KWD'), (amount, currency) => {
        expect(parseAmount(formatAmount(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it('rounds a three-decimal amount up to ten for a card network, and only there', () => {
    expect(toCardNetworkUnits('5.124', 'KWD')).toBe(5130n);
    expect(toCardNetworkUnits('5.120', 'KWD')).toBe(5120n);
    expect(toCardNetworkUnits('2.675', 'USD')).toBe(268n);
    expect(parseAmount('5.124', 'KWD')).toBe(5124n);
  });

  it('does not mix on one invoice', () => {
    expect(codeOf(() => assertOneCurrency(['VND', 'vnd']))).toBeUndefined();
    expect(codeOf(() => assertOneCurrency(['VND', 'USD']))).toBe('currency_mismatch');
  });
});

describe('rates', () => {
  it('are whole parts per million', () => {
    expect(rateFromFraction('0.1')).toBe(100_000);
    expect(rateFromPercent('23.33')).toBe(233_300);
    expect(applyRate(50_000n, 100_000)).toEqual(ratio(5000));
  });

  it.each(['0.0000001', '-0.1'])('refuse %s', (text) => {
    expect(codeOf(() => rateFromFraction(text))).toBe('amount_out_of_range');
  });
});
