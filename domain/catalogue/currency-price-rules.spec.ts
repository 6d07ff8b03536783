import fc from 'fast-check';

import type { AppError } from '../errors';
import { assertOtherCurrencies, priceIn, sortedPrices } from './currency-price-rules';

const currencies = fc.constantFrom('VND', 'USD', 'EUR', 'KWD');
const prices = fc.array(fc.record({ currency: currencies, price: fc.nat() }), { maxLength: 4 });
const refusal = (work: () => void) => {
  try {
    work();
  } catch (error) {
    return `${(error as AppError).code} ${(error as AppError).field}`;
  }

  return null;
};

describe('prices in other currencies', () => {
  it('are each in a currency of their own, and the first that is not is named', () => {
    fc.assert(
      fc.property(prices, currencies, (list, own) => {
        const named = list.map(({ currency }) => currency);
        const wrong = named.findIndex((currency, index) => currency === own || named.indexOf(currency) !== index);

        expect(refusal(() => assertOtherCurrencies(list, own))).toBe(
          wrong === -1 ? null : `validation_failed /prices/${wrong}/currency`,
        );
      }),
    );
  });

  it('give a price in their currency and in none besides, and are shown by currency', () => {
    const product = { price: 50_000, currency: 'VND', prices: [{ currency: 'USD', price: 299 }] };

    expect(priceIn(product, 'VND')).toEqual({ currency: 'VND', price: 50_000 });
    expect(priceIn(product, 'USD')).toEqual({ currency: 'USD', price: 299 });
    expect(priceIn(product, 'EUR')).toBeNull();
    expect(sortedPrices([...product.prices, { currency: 'EUR', price: 1 }]).map(({ currency }) => currency)).toEqual([
      'EUR',
      'USD',
    ]);
  });
});
