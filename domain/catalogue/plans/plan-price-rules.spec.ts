import fc from 'fast-check';

import { type PlanPrice, planPriceIn, requirePhasesPriced } from './plan-price-rules';

const phases = fc.array(
  fc.record({ price: fc.integer({ min: 1, max: 900 }), periods: fc.integer({ min: 1, max: 9 }) }),
  {
    maxLength: 2,
  },
);
const taxBehavior = fc.constantFrom('inclusive' as const, 'exclusive' as const, null);
const priceOf = (currency: string) =>
  fc.record({ currency: fc.constant(currency), price: fc.nat(), taxBehavior, phases });
const plan = fc
  .tuple(priceOf('VND'), fc.subarray(['USD', 'EUR', 'KWD']))
  .chain(([own, others]) =>
    fc.tuple(...others.map(priceOf)).map((prices) => ({ ...own, prices: prices as readonly PlanPrice[] })),
  );

describe('the price of a plan in a currency', () => {
  it('is that of the currency with its phases, with the tax as the plan where it says nothing, and else there is none', () => {
    fc.assert(
      fc.property(plan, fc.constantFrom('VND', 'USD', 'EUR', 'KWD'), ({ prices, ...own }, currency) => {
        const found = planPriceIn({ ...own, prices }, currency);
        const wanted = currency === 'VND' ? own : prices.find((one) => one.currency === currency);

        expect(found).toEqual(
          wanted === undefined ? null : { ...wanted, taxBehavior: wanted.taxBehavior ?? own.taxBehavior },
        );
      }),
    );
  });
});

test('phases come before a price above 0, in each currency', () => {
  const introduced = [{ price: 1, periods: 1 }];
  const usd = { currency: 'USD', price: 0, phases: introduced };
  const fieldOf = (of: Parameters<typeof requirePhasesPriced>[0]) => {
    try {
      requirePhasesPriced(of);
    } catch (error) {
      return (error as { field: string }).field;
    }

    return null;
  };

  expect(fieldOf({ price: 0, phases: introduced, prices: [] })).toBe('/phases');
  expect(
    fieldOf({
      price: 5,
      phases: introduced,
      prices: [
        { ...usd, price: 1 },
        { ...usd, currency: 'EUR' },
      ],
    }),
  ).toBe('/prices/1/phases');
  expect(
    fieldOf({
      price: 0,
      phases: [],
      prices: [
        { ...usd, phases: [] },
        { ...usd, price: 1 },
      ],
    }),
  ).toBeNull();
});
