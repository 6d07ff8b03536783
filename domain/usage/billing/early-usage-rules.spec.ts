import fc from 'fast-check';

import { priceUsage } from '../../billing/pricing/price-model-rules';
import type { PriceModel } from '../../billing/pricing/price-model-types';
import { ratio } from '../../money/ratio-rules';
import { growsOnly, withoutMinimum } from './early-usage-rules';

const amount = fc.integer({ min: 0, max: 5_000 });
const decimal = fc.integer({ min: 0, max: 500 }).map((tenths) => `${tenths / 10}`);
const terms = {
  freeUnits: fc.option(decimal, { nil: undefined }),
  minimumAmount: fc.option(amount, { nil: undefined }),
};
const tiers = fc
  .tuple(fc.array(fc.tuple(decimal, amount), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 50 }))
  .map(([prices, width]) =>
    prices.map(([unitPrice, flatAmount], nth) => ({
      upTo: nth === prices.length - 1 ? null : String((nth + 1) * width),
      unitPrice,
      flatAmount,
    })),
  );
const anyPrice: fc.Arbitrary<PriceModel> = fc.oneof(
  fc.record({ model: fc.constant('flat' as const), amount, ...terms }),
  fc.record({ model: fc.constant('per_unit' as const), unitPrice: decimal, ...terms }),
  fc.record({
    model: fc.constant('package' as const),
    packageSize: fc.constant('10'),
    packageAmount: amount,
    ...terms,
  }),
  fc.record({ model: fc.constantFrom('graduated' as const, 'volume' as const), tiers, ...terms }),
  fc.record({ model: fc.constant('percentage' as const), ratePpm: amount, ...terms }),
);
const amountOf = (price: PriceModel, units: number) => priceUsage(price, { units: ratio(units), events: units }).amount;

it('what grows only never costs less for more usage, so what is billed early is within what the period comes to', () => {
  fc.assert(
    fc.property(anyPrice, fc.nat(300), fc.nat(300), (price, used, more) => {
      fc.pre(growsOnly('sum', price));
      expect(amountOf(withoutMinimum(price), used)).toBeLessThanOrEqual(amountOf(price, used + more));
    }),
  );
});

it('a last value may fall, and all units may get cheaper by volume: neither is billed early', () => {
  expect(growsOnly('last', { model: 'per_unit' })).toBe(false);
  expect(growsOnly('sum', { model: 'volume' })).toBe(false);
  expect(growsOnly('max', { model: 'graduated' })).toBe(true);
});

it('the least that a period costs is no part of what is used', () => {
  const price: PriceModel = { model: 'per_unit', unitPrice: '2', minimumAmount: 1_000 };

  expect(amountOf(price, 10)).toBe(1_000n);
  expect(amountOf(withoutMinimum(price), 10)).toBe(20n);
});
