import { z } from 'zod';
import { OnetimeBillingStrategy } from '../../../domain/billing/pricing/onetime-billing-strategy';
import { type DiscountTiming, priceLines, sumLines } from '../../../domain/billing/pricing/pricer-rules';
import { toSafeNumber } from '../../../domain/money/money-rules';
import type { TaxOfLine } from '../../../domain/billing/taxes/tax-types';
import { ONE } from '../../../domain/money/ratio-rules';
import {
  isOver,
  lastingAdjustments,
  type LastingDiscount,
  periodsOf,
} from '../../../domain/promotions/coupon-duration-rules';
import { admitCoupons, couponAdjustments } from '../../../domain/promotions/coupon-rules';
import type { Coupon, CouponDiscount, CouponItem } from '../../../domain/promotions/coupon-types';
import { adapter } from '../case-adapter';
import { PaperSubscription } from '../paper-subscription';
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
    duration: { kind: 'once' },
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

/** Of a coupon in the words of the cases: `12 once, 6 already used`, `repeating 3 invoices`, `forever`. */
function discountOf(words: string): LastingDiscount {
  const amount = Number(/^(\d+) once/.exec(words)?.[1] ?? 12);
  const used = Number(/(\d+) already used/.exec(words)?.[1] ?? 0);
  const periods = Number(/^repeating (\d+) invoices$/.exec(words)?.[1] ?? 0);

  return {
    promotionId: 1,
    codeId: 1,
    code: 'CASE',
    currency: 'USD',
    scope: {},
    priority: 0,
    isCombinable: false,
    discount: { kind: 'amount', amount },
    duration:
      periods > 0 ? { kind: 'periods', count: periods } : words === 'forever' ? { kind: 'forever' } : { kind: 'once' },
    appliedAt: 0,
    endsAt: null,
    taken: used === 0 ? [] : [{ invoiceId: 0, amount: used }],
  };
}

/** The first line is the plan's, the others those of add-ons that are billed with it. */
const durations = adapter(
  z.object({ invoice_lines: z.array(z.number()), coupon: z.string() }),
  ({ invoice_lines, coupon }) => {
    const discount = discountOf(coupon);
    const lines = invoice_lines.map((amount, nth) => ({
      amount: BigInt(amount),
      item: nth === 0 ? ({ kind: 'plan', id: 1 } as const) : ({ kind: 'addon', key: `addon-${nth}` } as const),
      startsAt: 0,
      share: ONE,
      isOnTop: false,
    }));
    const priced = priceLines(
      lines.map((source) => ({ source, amount: source.amount })),
      lastingAdjustments([discount], lines, { lineOf: (line) => line, isPlanFree: false, timing: 'before_tax' }),
      [],
    );
    const year = new PaperSubscription({
      start: '2023-01-01',
      price: lines[0]?.amount ?? 0n,
      cycle: 'monthly',
      discounts: [discount],
    }).until('2023-12-01');
    const [held] = year.paper.state.discounts as [LastingDiscount];
    const discounted = year.charges.filter((line) => line.discount > 0n).length;

    return {
      credit: Number(sumLines(priced).discount),
      split: priced.map((line) => Number(line.discount)),
      // Nothing is counted of one that does not end.
      remaining_after: periodsOf(held) === null ? 0 : discounted - 1,
      status: isOver(held, Date.UTC(2023, 11, 1)) ? 'terminated' : 'active',
    };
  },
);

export const couponAdapters = {
  'coupons.durations': durations,
  'taxes.after_coupon': taxAfterCoupon,
  'discount.per_line_rounding_drift': roundingDrift,
};
