import fc from 'fast-check';
import { priceLines } from '../billing/pricing/pricer-rules';
import { ONE, type Ratio, ratio } from '../money/ratio-rules';
import {
  type DiscountableLine,
  isOver,
  lastingAdjustments,
  type LastingDiscount,
  leftOf,
  periodsOf,
} from './coupon-duration-rules';
import type { CouponDiscount, CouponDuration, CouponItem } from './coupon-types';

interface Line extends DiscountableLine {
  amount: bigint;
}

const plan = (amount: bigint, share: Ratio = ONE, fields: Partial<Line> = {}): Line => ({
  item: { kind: 'plan', id: 1 },
  startsAt: 0,
  share,
  isOnTop: false,
  amount,
  ...fields,
});
const addon = (amount: bigint, share: Ratio = ONE): Line =>
  plan(amount, share, { item: { kind: 'addon', key: 'storage' } });
const half: CouponDiscount = { kind: 'percent', ratePpm: 500_000, basis: 'on_total', most: null };
const off = (amount: number): CouponDiscount => ({ kind: 'amount', amount });
const discountOf = (
  discount: CouponDiscount,
  duration: CouponDuration = { kind: 'forever' },
  fields: Partial<LastingDiscount> = {},
): LastingDiscount => ({
  promotionId: 1,
  codeId: 1,
  code: 'WELCOME',
  currency: 'VND',
  scope: {},
  priority: 100,
  isCombinable: true,
  duration,
  discount,
  appliedAt: 0,
  endsAt: null,
  taken: [],
  ...fields,
});
const take = (discounts: readonly LastingDiscount[], lines: readonly Line[], isPlanFree = false) =>
  priceLines(
    lines.map((source) => ({ source, amount: source.amount })),
    lastingAdjustments(discounts, lines, { lineOf: (line) => line, isPlanFree, timing: 'before_tax' }),
    [],
  ).map(({ discount }) => discount);

describe('a discount on a subscription', () => {
  it('of a percentage is taken off all that it is for, and off nothing that begins after its end', () => {
    const ending = discountOf(half, { kind: 'periods', count: 2 }, { endsAt: 10 });

    expect(take([ending], [plan(300n), addon(100n)])).toEqual([150n, 50n]);
    expect(take([ending], [plan(300n, ONE, { startsAt: 9 }), plan(300n, ONE, { startsAt: 10 })])).toEqual([150n, 0n]);
    expect(take([{ ...ending, scope: { addonKeys: ['storage'] } }], [plan(300n), addon(100n)])).toEqual([0n, 50n]);
    expect(take([{ ...ending, scope: { planIds: [1] } }], [plan(300n), addon(100n)])).toEqual([150n, 0n]);
    expect(take([{ ...ending, scope: { productIds: [1] } }], [plan(300n), addon(100n)])).toEqual([0n, 0n]);
  });

  it('of an amount is for a whole period: a part of one has its part, a difference on top of the same days none', () => {
    expect(take([discountOf(off(100))], [plan(300n)])).toEqual([100n]);
    expect(take([discountOf(off(100))], [plan(150n, ratio(1n, 2n))])).toEqual([50n]);
    expect(take([discountOf(off(100))], [plan(75n, ratio(1n, 4n)), plan(75n, ratio(1n, 4n))])).toEqual([25n, 25n]);
    expect(take([discountOf(off(100))], [plan(150n, ratio(1n, 2n), { isOnTop: true })])).toEqual([0n]);
    expect(take([discountOf(off(1_000))], [plan(300n)])).toEqual([300n]);
  });

  it('of an amount is spread over plan and add-ons billed together, and not taken once more off add-ons alone', () => {
    expect(take([discountOf(off(12))], [plan(200n), addon(100n)])).toEqual([8n, 4n]);
    expect(take([discountOf(off(12))], [addon(100n)])).toEqual([0n]);
    expect(take([discountOf(off(12))], [addon(100n)], true)).toEqual([12n]);
    expect(take([discountOf(off(12), undefined, { scope: { addonKeys: ['storage'] } })], [addon(100n)])).toEqual([12n]);
  });

  it('comes after those of a lower priority, then of older promotions, of what they have left', () => {
    const later = discountOf(half, undefined, { promotionId: 2 });
    const sooner = discountOf(off(100), undefined, { promotionId: 1 });

    expect(take([later, sooner], [plan(300n)])).toEqual([200n]);
    expect(take([{ ...later, priority: 1 }, sooner], [plan(300n)])).toEqual([250n]);
  });

  it.each<[CouponDiscount, CouponDuration, number | null]>([
    [half, { kind: 'once' }, 1],
    [half, { kind: 'periods', count: 3 }, 3],
    [half, { kind: 'forever' }, null],
    [off(5), { kind: 'once' }, null],
    [off(5), { kind: 'periods', count: 2 }, 2],
  ])('of %j %j lasts %s periods', (discount, duration, periods) => {
    expect(periodsOf({ discount, duration })).toBe(periods);
  });

  it('of an amount that is taken once ends exactly when all of it is taken, however many invoices that needs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.array(fc.bigInt({ min: 1n, max: 400n }), { minLength: 1, maxLength: 30 }),
        (amount, invoices) => {
          let discount = discountOf(off(amount), { kind: 'once' });
          const sums = invoices.map((price, index) => {
            const [taken] = take([discount], [plan(price)]) as [bigint];
            discount = { ...discount, taken: [...discount.taken, { invoiceId: index, amount: Number(taken) }] };

            return taken;
          });
          const all = invoices.reduce((sum, price) => sum + price, 0n);
          const expected = all < BigInt(amount) ? all : BigInt(amount);

          expect(sums.reduce((sum, one) => sum + one, 0n)).toBe(expected);
          expect(leftOf(discount)).toBe(amount - Number(expected));
          expect(isOver(discount, 0)).toBe(expected === BigInt(amount));
        },
      ),
    );
  });

  it('never takes off more than lines cost, and every share is of a line that it is for', () => {
    const anyDiscount = fc.oneof(
      fc.integer({ min: 1, max: 500 }).map(off),
      fc.integer({ min: 1, max: 1_000_000 }).map((ratePpm): CouponDiscount => ({ ...half, ratePpm })),
    );
    const anyItem = fc.constantFrom<CouponItem>({ kind: 'plan', id: 1 }, { kind: 'addon', key: 'storage' });
    const anyLine = fc
      .record({ item: anyItem, amount: fc.bigInt({ min: 0n, max: 400n }), part: fc.integer({ min: 1, max: 30 }) })
      .map(({ item, amount, part }) => plan(amount, ratio(BigInt(part), 30n), { item }));

    fc.assert(
      fc.property(
        fc.array(anyDiscount, { maxLength: 4 }),
        fc.array(anyLine, { minLength: 1, maxLength: 5 }),
        (some, lines) => {
          const discounts = some.map((discount, index) =>
            discountOf(discount, undefined, { promotionId: index + 1, scope: { planIds: [1] } }),
          );

          take(discounts, lines).forEach((discount, index) => {
            const { amount, item } = lines[index]!;
            expect(discount >= 0n && discount <= amount).toBe(true);
            expect(item.kind === 'plan' || discount === 0n).toBe(true);
          });
        },
      ),
    );
  });
});
