import { z } from 'zod';
import { OnetimeBillingStrategy } from '../../../domain/billing/pricing/onetime-billing-strategy';
import type { DiscountTiming } from '../../../domain/billing/pricing/pricer-rules';
import { toSafeNumber } from '../../../domain/money/money-rules';
import type { TaxOfLine } from '../../../domain/billing/taxes/tax-types';
import { admitCoupons, couponAdjustments } from '../../../domain/promotions/coupon-rules';
import type { Coupon, CouponDiscount, CouponItem } from '../../../domain/promotions/coupon-types';
import { adapter } from '../case-adapter';
import { readMoney, readPercent, writeMoney } from '../read-words';
import { cents, money, percent } from './field-schemas';

interface Sold {
  unitPrice: bigint;
  taxes?: readonly TaxOfLine[];
}

const itemOf = (): CouponItem => ({ kind: 'product', id: 1, category: null });

/** A sale in dollars with one code, admitted and priced as an order is. */
async function sell(items: readonly Sold[], discount: CouponDiscount, timing: DiscountTiming) {
  const coupon: Coupon = {
    promotionId: 1,
    codeId: 1,
    code: 'CASE',
    discount,
    currency: 'USD',
    minSubtotal: 0,
    scope: {},
    startsAt: null,
    endsAt: null,
    usesLeft: null,
    usesLeftForCustomer: null,
    priority: 0,
    isCombinable: false,
  };
  const lines = items.map((source) => ({ source, amount: source.unitPrice }));
  const coupons = admitCoupons([{ code: 'CASE', field: '/promotionCode', coupon }], {
    lines,
    itemOf,
    currency: 'USD',
    now: 0,
  });

  return new OnetimeBillingStrategy().calculateAmount({
    currency: 'USD',
    taxRatePpm: 0,
    billingDate: '2023-01-01',
    items,
    adjustments: couponAdjustments<Sold>(coupons, { itemOf, timing }),
  });
}

const taxAfterCoupon = adapter(
  z.object({ fees_cents: z.array(cents), tax_percent: z.array(percent), coupon_cents: cents }),
  async ({ fees_cents, tax_percent, coupon_cents }) => {
    const items = fees_cents.map((unitPrice, line) => ({
      unitPrice,
      taxes: [{ code: null, name: null, ratePpm: readPercent(tax_percent[line] ?? '') }],
    }));
    const sale = await sell(items, { kind: 'amount', amount: toSafeNumber(coupon_cents) }, 'before_tax');

    return {
      coupon_split: sale.lines.map(({ discount }) => discount),
      tax: sale.lines.map(({ tax }) => tax),
      tax_total: sale.tax,
      total: sale.totalAmount,
    };
  },
);

const roundingDrift = adapter(z.object({ prices: z.array(money), percent }), async (inputs) => {
  const items = inputs.prices.map((price) => ({ unitPrice: readMoney(price) }));
  const off = (basis: 'by_line' | 'on_total') =>
    sell(items, { kind: 'percent', ratePpm: readPercent(inputs.percent), basis, most: null }, 'after_tax');
  const [byLine, onTotal] = [await off('by_line'), await off('on_total')];

  return {
    per_line: byLine.lines.map(({ discount }) => writeMoney(discount)),
    sum: writeMoney(byLine.discount),
    on_total: writeMoney(onTotal.discount),
  };
});

export const couponAdapters = {
  'taxes.after_coupon': taxAfterCoupon,
  'discount.per_line_rounding_drift': roundingDrift,
};
