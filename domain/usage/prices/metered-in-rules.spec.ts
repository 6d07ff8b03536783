import fc from 'fast-check';

import { meteredIn } from './metered-in-rules';

const currencies = ['VND', 'USD', 'EUR'] as const;
const priced = fc.uniqueArray(
  fc.record({ meterId: fc.integer({ min: 1, max: 3 }), currency: fc.constantFrom(...currencies) }),
  { selector: ({ meterId, currency }) => `${meterId} ${currency}` },
);
const meter = ({ meterId, currency }: { meterId: number; currency: string }) => ({
  meterId,
  meterName: `Meter ${meterId}`,
  priceId: meterId * 10 + currencies.indexOf(currency as 'VND'),
  planId: 1,
  addonId: null,
  price: { model: 'per_unit' as const, unitPrice: '1' },
  currency,
});

describe('what is metered in a currency', () => {
  it('is all that is metered in any currency it is sold in, at the prices of this one, or it is refused', () => {
    fc.assert(
      fc.property(priced, fc.subarray([...currencies], { minLength: 1 }), fc.nat(), (prices, sold, nth) => {
        const currency = sold[nth % sold.length] as string;
        const wanted = new Set(prices.filter((one) => sold.includes(one.currency as 'VND')).map((one) => one.meterId));
        const own = prices.filter((one) => one.currency === currency);
        const ask = () => meteredIn(prices.map(meter), { name: 'Gói', currency, currencies: sold, field: '/planId' });

        if (own.length < wanted.size) {
          expect(ask).toThrow(expect.objectContaining({ code: 'price_not_in_currency', field: '/planId' }));
        } else {
          expect(ask()).toEqual(
            own.map((one) => {
              const { currency: _currency, ...agreed } = meter(one);

              return agreed;
            }),
          );
        }
      }),
    );
  });
});
