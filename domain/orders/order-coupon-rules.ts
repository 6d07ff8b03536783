import { amountOf } from '../billing/pricing/billing-amount-rules';
import { type AdmittedCoupon, admitCoupons } from '../promotions/coupon-rules';
import type { AskedCoupon, CouponItem } from '../promotions/coupon-types';

interface CouponProduct {
  id: number;
  /** Folded for search. */
  category: string | null;
}

/** A product as promotions see it. */
export function couponItemOf({ product }: { product: CouponProduct }): CouponItem {
  return { kind: 'product', id: product.id, category: product.category };
}

/**
 * The codes of an order in the order in which they are taken off.
 * @param order.sold what is bought, with the server's prices; currency of the billing account
 * @throws AppError as `admitCoupons`
 */
export function admitOrderCoupons(
  asked: readonly AskedCoupon[],
  order: {
    sold: readonly { product: CouponProduct; unitPrice: bigint; quantity: number }[];
    currency: string;
    now: Date;
  },
): AdmittedCoupon[] {
  return admitCoupons(asked, {
    lines: order.sold.map((source) => ({ source, amount: amountOf(source) })),
    itemOf: couponItemOf,
    currency: order.currency,
    now: order.now.getTime(),
  });
}
