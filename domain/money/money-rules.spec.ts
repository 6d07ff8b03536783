import fc from 'fast-check';
import { AppError } from '../errors';
import {
  applyRate,
  assertOneCurrency,
  currencyDigits,
  formatAmount,
  rateFromFraction,
  toMinorUnits,
  toSafeNumber,
  unitOf,
} from './money-rules';
import { prorate } from '../billing/pricing/proration-rules';
import { parseDecimal, ratio } from './ratio-rules';

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

  it('are written with all their decimals', () => {
    expect(formatAmount(268n, 'USD')).toBe('2.68');
    expect(formatAmount(-5_125n, 'KWD')).toBe('-5.125');
    expect(formatAmount(50_000n, 'VND')).toBe('50000');
  });

  it('read back what was written', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.constantFrom('VND', 'USD', 'KWD'), (amount, currency) => {
        const unit = unitOf(currencyDigits(currency));
        expect(prorate(unit, parseDecimal(formatAmount(amount, currency)))).toBe(amount);
      }),
    );
  });

  it('are rounded half up on the decimal text, not on a binary number', () => {
    expect(prorate(unitOf(2), parseDecimal('2.675'))).toBe(268n);
    expect(prorate(unitOf(2), parseDecimal('1.005'))).toBe(101n);
    expect(prorate(unitOf(2), parseDecimal('-2.675'))).toBe(-268n);
    expect(prorate(unitOf(3), parseDecimal('5.1245'))).toBe(5125n);
  });

  it('does not mix on one invoice', () => {
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
