import { type Discount, discountOf } from './discount-rules';
import { applyRate } from './money-rules';
import {
  addRatios,
  compareRatios,
  divideRatios,
  multiplyRatios,
  type Ratio,
  ratio,
  roundHalfUp,
  roundToPlaces,
  subtractRatios,
  ZERO,
} from './ratio-rules';
import { splitByLargestRemainder } from './split-rules';

/**
 * Coupons that stack on the lines of one invoice, before tax. Unlike a single discount their shares are finer than a
 * minor unit, and only what the invoice shows is rounded.
 */

/** Decimal places of a minor unit that a coupon's share of a line is kept to. */
export const COUPON_PLACES = 5;

export interface CouponLine {
  /** minor units */
  readonly amount: bigint;
  readonly taxRatePpm: number;
}

export interface CouponUse {
  /** minor units taken off, at most what is left of its lines */
  readonly amount: bigint;
  /** Positions of the lines it may be used on. */
  readonly lines: readonly number[];
}

export interface CouponedInvoice {
  /** Coupons on each line, exact to COUPON_PLACES of a minor unit. */
  readonly couponByLine: readonly Ratio[];
  /** Tax of each line, rounded half up for showing; these need not sum to the invoice's tax. */
  readonly shownTaxByLine: readonly bigint[];
  readonly amount: bigint;
  readonly coupons: bigint;
  readonly net: bigint;
  /** The rounded sum of the lines' exact taxes. */
  readonly tax: bigint;
  readonly total: bigint;
}

/**
 * Uses coupons in their order. Each is spread over its lines in proportion to what is LEFT of each line after the
 * coupons before it, its shares rounded half up to COUPON_PLACES; tax is on what the coupons leave.
 */
export function applyCoupons(lines: readonly CouponLine[], coupons: readonly CouponUse[]): CouponedInvoice {
  const left = lines.map((line) => ratio(line.amount));
  const couponByLine = lines.map(() => ZERO);
  for (const coupon of coupons) {
    const shares = couponShares(coupon, left);
    shares.forEach((share, index) => {
      left[index] = subtractRatios(left[index] ?? ZERO, share);
      couponByLine[index] = addRatios(couponByLine[index] ?? ZERO, share);
    });
  }

  const taxes = lines.map((line, index) => multiplyRatios(left[index] ?? ZERO, applyRate(1n, line.taxRatePpm)));
  const amount = lines.reduce((sum, line) => sum + line.amount, 0n);
  const couponTotal = roundHalfUp(couponByLine.reduce(addRatios, ZERO));
  const tax = roundHalfUp(taxes.reduce(addRatios, ZERO));

  return {
    couponByLine,
    shownTaxByLine: taxes.map(roundHalfUp),
    amount,
    coupons: couponTotal,
    net: amount - couponTotal,
    tax,
    total: amount - couponTotal + tax,
  };
}

function couponShares(coupon: CouponUse, left: readonly Ratio[]): Ratio[] {
  const eligible = new Set(coupon.lines);
  const leftTogether = left.filter((_, index) => eligible.has(index)).reduce(addRatios, ZERO);
  if (leftTogether.numerator <= 0n) {
    return left.map(() => ZERO);
  }

  const taken = compareRatios(leftTogether, ratio(coupon.amount)) < 0 ? leftTogether : ratio(coupon.amount);

  return left.map((amount, index) =>
    eligible.has(index)
      ? roundToPlaces(multiplyRatios(taken, divideRatios(amount, leftTogether)), COUPON_PLACES)
      : ZERO,
  );
}

/** How long a coupon is good for. Periods are counted, whatever else is invoiced in them. */
export type CouponDuration =
  | { readonly kind: 'once'; /** minor units of it used before */ readonly used: bigint }
  | { readonly kind: 'repeating'; /** periods it is still good for */ readonly left: number }
  | { readonly kind: 'forever' };

export interface CouponRedemption {
  /** minor units taken off this invoice */
  readonly credit: bigint;
  /** The credit on each line, in proportion to the lines; sums to it. */
  readonly split: readonly bigint[];
  /** Periods it is good for after this one; 0 for `forever`, which does not count. */
  readonly remainingAfter: number;
  readonly status: 'active' | 'terminated';
}

/**
 * What a coupon takes off an invoice, and what remains of it: the smaller of what is left of the coupon and what is left
 * of the invoice after the coupons before it. A percentage is taken of the invoice.
 *
 * @param lines amounts of the invoice's lines before coupons, minor units
 * @param invoiceLeft what is left of them after the coupons before this one; all of it when absent
 */
export function redeemCoupon(
  value: Discount,
  duration: CouponDuration,
  lines: readonly bigint[],
  invoiceLeft?: bigint,
): CouponRedemption {
  const invoiceTotal = lines.reduce((sum, line) => sum + line, 0n);
  const used = duration.kind === 'once' && value.kind === 'amount' ? duration.used : 0n;
  const couponLeft = atLeastZero(discountOf(invoiceTotal, value) - used);
  const credit = smaller(couponLeft, invoiceLeft ?? invoiceTotal);
  const split = splitByLargestRemainder(credit, lines);

  switch (duration.kind) {
    case 'forever':
      return { credit, split, remainingAfter: 0, status: 'active' };
    case 'repeating': {
      const remainingAfter = Math.max(duration.left - 1, 0);
      return { credit, split, remainingAfter, status: remainingAfter === 0 ? 'terminated' : 'active' };
    }
    case 'once': {
      const isUsedUp = value.kind === 'percent' || credit === couponLeft;
      return { credit, split, remainingAfter: isUsedUp ? 0 : 1, status: isUsedUp ? 'terminated' : 'active' };
    }
  }
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
