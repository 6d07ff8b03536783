import fc from 'fast-check';
import { prorate } from '../billing/pricing/proration-rules';
import { currencyDigits, formatAmount, formatMoney, isCurrency, unitOf } from './currency-rules';
import { formatMoneyFor } from './localized-money';
import { parseDecimal } from './ratio-rules';

describe('currencies', () => {
  it.each([
    ['VND', 0],
    ['JPY', 0],
    ['ISK', 0],
    ['UGX', 0],
    ['usd', 2],
    ['EUR', 2],
    // Where tables of hosts say 0 in one release and 2 in another.
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['PKR', 2],
    ['TWD', 2],
    ['MGA', 2],
    ['KWD', 3],
    ['IQD', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %d decimals', (currency, digits) => {
    expect(currencyDigits(currency)).toBe(digits);
  });

  it('hold every currency in use that the host can write', () => {
    const notBilledIn = ['XDR', 'XSU'];

    expect(Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code))).toEqual(notBilledIn);
    expect(isCurrency('XAU') || isCurrency('vnd') || isCurrency('ABC')).toBe(false);
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
});

describe('money in words', () => {
  it.each([
    [1_999, 'USD', '19.99 USD'],
    [299_000, 'VND', '299,000 VND'],
    [123_450, 'HUF', '1,234.50 HUF'],
    [-1_234_567, 'KWD', '-1,234.567 KWD'],
    [5, 'USD', '0.05 USD'],
    [-5, 'USD', '-0.05 USD'],
    [0, 'JPY', '0 JPY'],
    [2n ** 53n - 1n, 'USD', '90,071,992,547,409.91 USD'],
  ])('%d of %s is %s', (amount, currency, written) => {
    expect(formatMoney(amount, currency)).toBe(written);
  });

  it.each([
    [328_900, 'VND', 'vi-VN', '328.900 ₫'],
    [328_900, 'VND', 'en-US', '₫328,900'],
    [1_999, 'USD', 'en-US', '$19.99'],
    [0, 'VND', 'vi-VN', '0 ₫'],
    [500, 'JPY', 'en-GB', 'JP¥500'],
    [1_234, 'KWD', 'en-US', 'KWD 1.234'],
    [123_450, 'HUF', 'en-US', 'HUF 1,234.50'],
    [123_450, 'IDR', 'en-US', 'IDR 1,234.50'],
    [Number.MAX_SAFE_INTEGER, 'USD', 'en-US', '$90,071,992,547,409.91'],
  ])('%d of %s is for a reader of %s %s', (amount, currency, locale, written) => {
    expect(formatMoneyFor(amount, currency, locale)).toBe(written);
  });

  it('has the digits of the table whatever the host thinks of the currency', () => {
    const inUse = Intl.supportedValuesOf('currency').filter(isCurrency);

    for (const currency of inUse) {
      const digits = currencyDigits(currency);
      const fraction = /[.](\d+)$/.exec(formatMoneyFor(123_456_789, currency, 'en-US'))?.[1] ?? '';
      expect([currency, fraction]).toEqual([currency, '123456789'.slice(9 - digits)]);
    }
  });
});
