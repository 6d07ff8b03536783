import fc from 'fast-check';

import { priceOfProduct, type PricingRule, reducedPrice } from './product-price-rules';

const shirt = { id: 7, category: 'thoi trang', price: 100_000, currency: 'VND' };
const percent = (ratePpm: number) => ({ kind: 'percent' as const, ratePpm });
const rule = (fields: Partial<PricingRule> = {}): PricingRule => ({
  id: 1,
  name: 'Rule',
  currency: null,
  productIds: [],
  categories: [],
  segments: [],
  tiers: [{ minQuantity: 1, reduction: percent(100_000) }],
  priority: 100,
  ...fields,
});
const priceOf = (rules: PricingRule[], quantity = 1, segment: string | null = 'standard') =>
  priceOfProduct(shirt, rules, { quantity, segment }).price;

describe('a pricing rule', () => {
  const tiers = [
    { minQuantity: 5, reduction: percent(50_000) },
    { minQuantity: 10, reduction: { kind: 'fixed' as const, price: 80_000 } },
  ];

  it.each([
    [1, 100_000],
    [4, 100_000],
    [5, 95_000],
    [9, 95_000],
    [10, 80_000],
    [1_000, 80_000],
  ])('has tiers by quantity: %i units cost %i each', (quantity, price) => {
    expect(priceOf([rule({ tiers })], quantity)).toBe(price);
  });

  it.each<[string, Partial<PricingRule>, string | null, number]>([
    ['everything and everybody', {}, null, 90_000],
    ['the product', { productIds: [7] }, null, 90_000],
    ['another product', { productIds: [8] }, null, 100_000],
    ['its category', { productIds: [8], categories: ['thoi trang'] }, null, 90_000],
    ['another category', { categories: ['dien tu'] }, null, 100_000],
    ['the segment', { segments: ['wholesale', 'vip'] }, 'vip', 90_000],
    ['another segment', { segments: ['vip'] }, 'standard', 100_000],
    ['a segment, of a visitor', { segments: ['vip'] }, null, 100_000],
    ['its currency', { currency: 'VND' }, null, 90_000],
    ['another currency', { currency: 'USD' }, null, 100_000],
  ])('holds for %s', (_what, fields, segment, price) => {
    expect(priceOf([rule(fields)], 1, segment)).toBe(price);
  });

  it.each([
    [percent(1), 100_001, 100_001],
    [percent(500_000), 3, 2],
    [percent(1_000_000), 100, 0],
    [{ kind: 'amount' as const, amount: 30 }, 100, 70],
    [{ kind: 'amount' as const, amount: 130 }, 100, 0],
  ])('makes of a price: %j of %i is %i', (reduction, listPrice, price) => {
    expect(reducedPrice(listPrice, reduction)).toBe(price);
  });

  it('never makes dearer, and then another may hold', () => {
    const dearer = rule({ tiers: [{ minQuantity: 1, reduction: { kind: 'fixed', price: 200_000 } }], priority: 1 });

    expect(priceOfProduct(shirt, [dearer], { quantity: 1, segment: null })).toEqual({
      listPrice: 100_000,
      price: 100_000,
      rule: null,
    });
    expect(priceOf([dearer, rule({ id: 2 })])).toBe(90_000);
  });
});

describe('several pricing rules', () => {
  it('are decided by priority first, then by the price, then by age', () => {
    const small = rule({ id: 1, priority: 1, tiers: [{ minQuantity: 1, reduction: percent(10_000) }] });
    const [half, alsoHalf] = [3, 2].map((id) => rule({ id, tiers: [{ minQuantity: 1, reduction: percent(500_000) }] }));
    const wanted = { quantity: 1, segment: null };

    expect(priceOfProduct(shirt, [half!, small], wanted).rule?.id).toBe(1);
    expect(priceOfProduct(shirt, [rule({ id: 1 }), half!, alsoHalf!], wanted)).toMatchObject({
      price: 50_000,
      rule: { id: 2 },
    });
  });

  it('come to the same in any order, never dearer than the list price and never below nothing', () => {
    const reduction = fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }).map(percent),
      fc.record({ kind: fc.constant('amount' as const), amount: fc.integer({ min: 1, max: 200_000 }) }),
      fc.record({ kind: fc.constant('fixed' as const), price: fc.integer({ min: 0, max: 200_000 }) }),
    );
    const rules = fc
      .array(
        fc.record({
          tiers: fc.tuple(reduction, reduction).map(([first, second]) => [
            { minQuantity: 1, reduction: first },
            { minQuantity: 5, reduction: second },
          ]),
          priority: fc.integer({ min: 0, max: 2 }),
        }),
        { maxLength: 6 },
      )
      .map((list) => list.map((fields, id) => rule({ id, ...fields })));

    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 10 }), (list, quantity) => {
        const wanted = { quantity, segment: null };
        const price = priceOfProduct(shirt, list, wanted);

        expect(priceOfProduct(shirt, list.toReversed(), wanted)).toEqual(price);
        expect(price.price).toBeGreaterThanOrEqual(0);
        expect(price.price).toBeLessThanOrEqual(shirt.price);
        expect(price.rule === null).toBe(price.price === shirt.price);
      }),
    );
  });
});
