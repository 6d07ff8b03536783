import fc from 'fast-check';
import { priceLines, sumLines } from '../billing/pricing/pricer-rules';
import { AppError } from '../errors';
import { admitCoupons, couponAdjustments, couponUses, isInScope, type Purchase } from './coupon-rules';
import type { AskedCoupon, Coupon, CouponItem, CouponScope } from './coupon-types';

interface Line {
  id: number;
  category: string | null;
}

const noon = Date.parse('2026-05-04T12:00:00Z');
const itemOf = ({ id, category }: Line): CouponItem => ({ kind: 'product', id, category });
const line = (amount: bigint, id = 1, category: string | null = null) => ({ source: { id, category }, amount });
const tenPercent = { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: null } as const;
const couponOf = (fields: Partial<Coupon> = {}): Coupon => ({
  promotionId: 1,
  codeId: 1,
  code: 'SUMMER10',
  discount: tenPercent,
  duration: { kind: 'once' },
  currency: 'VND',
  minSubtotal: 0,
  scope: {},
  startsAt: null,
  endsAt: null,
  usesLeft: null,
  usesLeftForCustomer: null,
  priority: 100,
  isCombinable: false,
  ...fields,
});
const ask = (coupon: Coupon | null, index?: number): AskedCoupon => ({
  code: coupon?.code ?? 'NONE',
  field: index === undefined ? '/promotionCode' : `/promotionCodes/${index}`,
  coupon,
});
const purchase = (fields: Partial<Purchase<Line>> = {}): Purchase<Line> => ({
  lines: [line(100_000n)],
  itemOf,
  currency: 'VND',
  now: noon,
  ...fields,
});
const refusalOf = (asked: readonly AskedCoupon[], of = purchase()) => {
  try {
    admitCoupons(asked, of);
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${error.field}` : String(error);
  }

  return 'admitted';
};

describe('a code is refused by its own name', () => {
  it.each<[string, Coupon | null, string]>([
    ['unknown', null, 'promotion_not_found'],
    ['not begun', couponOf({ startsAt: noon + 1 }), 'promotion_not_started'],
    ['over', couponOf({ endsAt: noon }), 'promotion_ended'],
    ['used up', couponOf({ usesLeft: 0 }), 'promotion_used_up'],
    ['used up below none, as after a limit was lowered', couponOf({ usesLeft: -3 }), 'promotion_used_up'],
    ['used by this customer', couponOf({ usesLeftForCustomer: 0 }), 'promotion_already_used'],
    ['in another currency', couponOf({ currency: 'USD' }), 'promotion_other_currency'],
    ['for other things', couponOf({ scope: { productIds: [2] } }), 'promotion_not_applicable'],
    ['below its minimum', couponOf({ minSubtotal: 100_001 }), 'promotion_below_minimum'],
  ])('%s', (_why, coupon, code) => {
    expect(refusalOf([ask(coupon)])).toBe(`${code} /promotionCode`);
  });

  it('and admitted at the very edges', () => {
    const edge = couponOf({
      startsAt: noon,
      endsAt: noon + 1,
      usesLeft: 1,
      usesLeftForCustomer: 1,
      minSubtotal: 100_000,
    });

    expect(refusalOf([ask(edge)])).toBe('admitted');
    expect(refusalOf([ask(couponOf({ currency: null }))], purchase({ currency: 'USD' }))).toBe('admitted');
  });

  it('with the minimum measured on what it is for', () => {
    const coupon = couponOf({ minSubtotal: 50_000, scope: { productIds: [2] } });
    const lines = [line(100_000n, 1), line(49_999n, 2)];

    expect(() => admitCoupons([ask(coupon)], purchase({ lines }))).toThrow(
      expect.objectContaining({
        code: 'promotion_below_minimum',
        message: 'The code SUMMER10 needs 50,000 VND of what it is for, at prices as they are shown.',
        params: { promotionCode: 'SUMMER10', minSubtotal: 50_000, subtotal: 49_999 },
      }),
    );
  });
});

describe('several codes', () => {
  const joining = (promotionId: number, fields: Partial<Coupon> = {}) =>
    couponOf({ promotionId, codeId: promotionId, code: `C${promotionId}`, isCombinable: true, ...fields });

  it('are taken by priority, then by age, whatever order they are sent in', () => {
    const coupons = [joining(3, { priority: 10 }), joining(1), joining(2)];
    const orders = [coupons, coupons.toReversed(), [coupons[1]!, coupons[0]!, coupons[2]!]];

    for (const sent of orders) {
      const admitted = admitCoupons(
        sent.map((one, index) => ask(one, index)),
        purchase(),
      );
      expect(admitted.map(({ promotionId }) => promotionId)).toEqual([3, 1, 2]);
    }
  });

  it.each([
    ['one that stands alone', joining(2, { isCombinable: false })],
    ['two of one promotion', joining(1, { codeId: 7, code: 'OTHER' })],
  ])('are refused with %s', (_why, second) => {
    expect(refusalOf([ask(joining(1), 0), ask(second, 1)])).toBe('promotion_not_combinable /promotionCodes/1');
  });

  it('are refused after one that stands alone', () => {
    expect(refusalOf([ask(couponOf(), 0), ask(joining(2), 1)])).toBe('promotion_not_combinable /promotionCodes/1');
  });

  it('take from what those before have left: 10 % and then 20,000 is not the other way round', () => {
    const percent = joining(1, { discount: tenPercent });
    const amount = joining(2, { discount: { kind: 'amount', amount: 20_000 } });
    const pay = (coupons: Coupon[]) =>
      sumLines(priceLines([line(100_000n)], couponAdjustments(coupons, { itemOf, timing: 'after_tax' }), [])).total;

    expect(pay([percent, amount])).toBe(70_000n);
    expect(pay([amount, percent])).toBe(72_000n);
  });
});

describe('a scope', () => {
  const shirt: CouponItem = { kind: 'product', id: 7, category: 'thoi trang' };
  const plan: CouponItem = { kind: 'plan', id: 7 };
  const addon: CouponItem = { kind: 'addon', key: 'storage' };

  it.each<[string, CouponScope, boolean[]]>([
    ['names nothing', {}, [true, true, true]],
    ['has empty lists', { productIds: [], categories: [] }, [true, true, true]],
    ['names a product', { productIds: [7] }, [true, false, false]],
    ['names a category, however it is written', { categories: ['THỜI trang'] }, [true, false, false]],
    ['names another category', { categories: ['Điện tử'] }, [false, false, false]],
    ['names a plan', { planIds: [7] }, [false, true, false]],
    ['names add-ons and plans', { planIds: [7], addonKeys: ['storage'] }, [false, true, true]],
  ])('that %s', (_what, scope, expected) => {
    expect([shirt, plan, addon].map((item) => isInScope(scope, item))).toEqual(expected);
  });

  it('takes the discount off its lines and no others', () => {
    const coupon = couponOf({ scope: { productIds: [2] }, discount: { kind: 'amount', amount: 500_000 } });
    const priced = priceLines(
      [line(100_000n, 1), line(30_000n, 2), line(20_000n, 2)],
      couponAdjustments([coupon], { itemOf, timing: 'before_tax' }),
      [{ ratePpm: 100_000 }],
    );

    expect(priced.map(({ discount, tax }) => [discount, tax])).toEqual([
      [0n, 10_000n],
      [30_000n, 0n],
      [20_000n, 0n],
    ]);
  });
});

describe('a code that takes nothing off', () => {
  it('is not spent', () => {
    const [coupon] = admitCoupons([ask(couponOf())], purchase({ lines: [line(0n)] }));

    expect(() => couponUses([coupon!], [])).toThrow(expect.objectContaining({ code: 'promotion_not_applicable' }));
    expect(couponUses([coupon!], [{ promotionId: 1, code: 'SUMMER10', amount: 1 }])).toEqual([
      { promotionId: 1, codeId: 1, code: 'SUMMER10', field: '/promotionCode', discount: 1 },
    ]);
  });
});

describe('discounts of codes', () => {
  const anyLines = fc.array(
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 1, max: 3 }))
      .map(([amount, id]) => line(amount, id)),
    { minLength: 1, maxLength: 8 },
  );
  const anyCoupons = fc.array(
    fc
      .tuple(
        fc.oneof(
          fc.record({
            kind: fc.constant('percent' as const),
            ratePpm: fc.integer({ min: 1, max: 1_000_000 }),
            basis: fc.constantFrom('on_total' as const, 'by_line' as const),
            most: fc.option(fc.integer({ min: 1, max: 10 ** 9 })),
          }),
          fc.record({ kind: fc.constant('amount' as const), amount: fc.integer({ min: 1, max: 10 ** 12 }) }),
        ),
        fc.constantFrom<CouponScope>({}, { productIds: [1] }, { productIds: [2, 3] }),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(([discount, scope, priority]) => couponOf({ discount, scope, priority, isCombinable: true })),
    { maxLength: 4 },
  );
  const anyTiming = fc.constantFrom('before_tax' as const, 'after_tax' as const);
  const taxes = [{ ratePpm: 100_000 }];

  it('sum over the lines, never exceed what there is, and touch only what they are for', () => {
    fc.assert(
      fc.property(anyLines, anyCoupons, anyTiming, (lines, coupons, timing) => {
        const adjustments = couponAdjustments(coupons, { itemOf, timing });
        const priced = priceLines(lines, adjustments, taxes);
        const totals = sumLines(priced);

        expect(totals.total).toBe(totals.subtotal + totals.tax - totals.discount);
        for (const one of priced) {
          expect(one.total >= 0n && one.discount >= 0n).toBe(true);
          expect(one.adjustments.reduce((sum, { amount }) => sum + amount, 0n)).toBe(one.discount);
          expect(one.adjustments.every(({ adjustment }) => adjustment.appliesTo?.(one.source))).toBe(true);
        }
        coupons.forEach(({ discount }, index) => {
          const taken = priced
            .flatMap((one) => one.adjustments)
            .filter(({ adjustment }) => adjustment === adjustments[index])
            .reduce((sum, { amount }) => sum + amount, 0n);
          const most =
            discount.kind === 'amount' ? discount.amount : discount.kind === 'percent' ? discount.most : null;
          expect(most === null || taken <= BigInt(most)).toBe(true);
        });
      }),
    );
  });

  it('come out the same whatever order the codes are sent in', () => {
    fc.assert(
      fc.property(anyLines, anyCoupons, fc.nat(), (lines, coupons, turn) => {
        const numbered = coupons.map((one, index) => ({ ...one, promotionId: index + 1, code: `C${index}` }));
        const pay = (sent: Coupon[]) => {
          const admitted = admitCoupons(
            sent.map((one, index) => ask(one, index)),
            purchase({ lines: [...lines, line(1n, 1), line(1n, 2)] }),
          );

          return sumLines(priceLines(lines, couponAdjustments(admitted, { itemOf, timing: 'after_tax' }), taxes));
        };
        const at = numbered.length === 0 ? 0 : turn % numbered.length;

        expect(pay([...numbered.slice(at), ...numbered.slice(0, at)])).toEqual(pay(numbered));
      }),
    );
  });
});
