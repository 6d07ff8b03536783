import { z } from 'zod';
import {
  applyCoupons,
  COUPON_PLACES,
  type CouponDuration,
  type CouponLine,
  redeemCoupon,
} from '../../../domain/billing/coupon-rules';
import { type Discount, discountLines, totalDiscount } from '../../../domain/billing/discount-rules';
import { rateFromPercent } from '../../../domain/billing/money-rules';
import { formatDecimal, type Ratio } from '../../../domain/billing/ratio-rules';
import { adapter } from '../case-adapter';
import { numbersIn, readMoney, writeMoney } from '../read-words';
import { cents, money, percent, text } from './field-schemas';

const couponInputs = z.object({ fees_cents: z.array(cents), tax_percent: z.array(percent) });

const splitOverLines = adapter(
  couponInputs.extend({
    coupons_in_order: z.array(z.object({ cents, lines: z.union([z.literal('all'), z.array(z.number())]) })),
  }),
  (inputs) => {
    const lines = linesOf(inputs);
    const coupons = inputs.coupons_in_order.map((coupon) => ({
      amount: coupon.cents,
      lines: coupon.lines === 'all' ? [...lines.keys()] : coupon.lines,
    }));
    const invoice = applyCoupons(lines, coupons);

    return {
      coupon_per_fee: invoice.couponByLine.map(writeShare),
      tax_per_fee: invoice.shownTaxByLine,
      invoice: {
        fees: invoice.amount,
        coupons: invoice.coupons,
        net: invoice.net,
        tax: invoice.tax,
        total: invoice.total,
      },
    };
  },
);

const taxAfterCoupon = adapter(couponInputs.extend({ coupon_cents: cents }), (inputs) => {
  const lines = linesOf(inputs);
  const invoice = applyCoupons(lines, [{ amount: inputs.coupon_cents, lines: [...lines.keys()] }]);

  return {
    coupon_split: invoice.couponByLine.map(writeShare),
    tax: invoice.shownTaxByLine,
    tax_total: invoice.tax,
    total: invoice.total,
  };
});

const durations = adapter(
  z.object({ invoice_lines: z.array(cents), coupon: text, invoice_left: cents.optional() }),
  ({ invoice_lines, coupon, invoice_left }) => {
    const { value, duration } = readCoupon(coupon);
    const redemption = redeemCoupon(value, duration, invoice_lines, invoice_left);

    return {
      credit: redemption.credit,
      split: redemption.split,
      remaining_after: redemption.remainingAfter,
      status: redemption.status,
    };
  },
);

/** Where a coupon names no amount, any amount does. */
const ANY_AMOUNT: Discount = { kind: 'amount', amount: 10n };

/** 'C once', 'C once, U already used', 'P percent', 'repeating N invoices', 'repeating N left' or 'forever'. */
function readCoupon(words: string): { value: Discount; duration: CouponDuration } {
  const numbers = numbersIn(words);
  if (words.includes('forever')) {
    return { value: ANY_AMOUNT, duration: { kind: 'forever' } };
  }
  if (words.includes('repeating')) {
    return { value: ANY_AMOUNT, duration: { kind: 'repeating', left: Number(numbers[0]) } };
  }

  const duration: CouponDuration = { kind: 'once', used: BigInt(numbers[1] ?? '0') };

  return words.includes('percent')
    ? { value: { kind: 'percent', ratePpm: rateFromPercent(numbers[0] ?? '') }, duration }
    : { value: { kind: 'amount', amount: BigInt(numbers[0] ?? '') }, duration };
}

const perLineDrift = adapter(z.object({ prices: z.array(money), percent }), (inputs) => {
  const prices = inputs.prices.map(readMoney);
  const discount: Discount = { kind: 'percent', ratePpm: rateFromPercent(inputs.percent) };
  const perLine = discountLines(prices, discount, 'by_line');

  return {
    per_line: perLine.map(writeMoney),
    sum: writeMoney(totalDiscount(perLine)),
    on_total: writeMoney(totalDiscount(discountLines(prices, discount, 'on_total'))),
  };
});

function linesOf({ fees_cents, tax_percent }: z.infer<typeof couponInputs>): CouponLine[] {
  return fees_cents.map((amount, index) => ({ amount, taxRatePpm: rateFromPercent(tax_percent[index] ?? '0') }));
}

function writeShare(share: Ratio): string {
  return formatDecimal(share, COUPON_PLACES);
}

export const couponAdapters = {
  'coupons.split_over_lines_then_tax': splitOverLines,
  'taxes.after_coupon': taxAfterCoupon,
  'coupons.durations': durations,
  'discount.per_line_rounding_drift': perLineDrift,
};
