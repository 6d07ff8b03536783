import { type AdmittedCoupon, admitCoupons, isInScope, mayJoin, refusal } from '../../promotions/coupon-rules';
import { isOver, type LastingDiscount } from '../../promotions/coupon-duration-rules';
import type { AskedCoupon, CouponTrial, CouponUse } from '../../promotions/coupon-types';
import { couponItemOf } from '../charges/discount-rules';
import { priceOf } from './item-rules';
import type { SubscriptionItem } from './subscription-types';

/** Codes on subscriptions: which may be used, and what becomes of those that are. */

/** What codes are to be used on: items at their price for a whole period. */
export interface DiscountedItems {
  readonly items: readonly Pick<SubscriptionItem, 'terms' | 'quantity'>[];
  readonly currency: string;
  /** Promotions that it has. */
  readonly discounts: readonly LastingDiscount[];
  /** epoch milliseconds */
  readonly now: number;
}

/**
 * The codes of a subscription in the order in which they are taken off. The minimum and the end of a promotion are looked at
 * when it is applied, and never again.
 * @throws AppError as `admitCoupons`; promotion_not_applicable for one that would take nothing off, promotion_already_used
 *   for one that the subscription has, promotion_not_combinable beside one
 */
export function admitOnSubscription(
  asked: readonly AskedCoupon[],
  { items, currency, discounts, now }: DiscountedItems,
): AdmittedCoupon[] {
  const lines = items.map((item) => ({ source: item.terms, amount: BigInt(priceOf(item)) }));
  const admitted = admitCoupons(asked, { lines, itemOf: couponItemOf, currency, now });
  const standing = discounts.filter((one) => !isOver(one, now));

  for (const coupon of admitted) {
    const isWorth = lines.some(({ source, amount }) => amount > 0n && isInScope(coupon.scope, couponItemOf(source)));

    if (!isWorth) {
      throw refusal('promotion_not_applicable', coupon, 'takes nothing off: what it is for costs nothing.');
    }

    if (standing.some(({ promotionId }) => promotionId === coupon.promotionId)) {
      throw refusal('promotion_already_used', coupon, 'is of a promotion that the subscription has.');
    }

    if (standing.length > 0 && !mayJoin(coupon, standing)) {
      throw refusal('promotion_not_combinable', coupon, 'cannot be used together with a code that it has.');
    }
  }

  return admitted;
}

/** Admitted coupons as the subscription keeps them; a trial is had at its start, and nothing of it is kept. */
export function lastingDiscounts(coupons: readonly AdmittedCoupon[], now: number): LastingDiscount[] {
  return coupons.flatMap(({ discount, ...coupon }) => {
    const { promotionId, codeId, code, currency, scope, priority, isCombinable, duration } = coupon;

    return discount.kind === 'trial'
      ? []
      : [
          {
            promotionId,
            codeId,
            code,
            currency,
            scope,
            priority,
            isCombinable,
            duration,
            discount,
            appliedAt: now,
            endsAt: null,
            taken: [],
          },
        ];
  });
}

/** The trial that one of them gives. */
export function trialOf(coupons: readonly AdmittedCoupon[]): (CouponTrial & { code: string; field: string }) | null {
  return (
    coupons.flatMap(({ discount, code, field }) =>
      discount.kind === 'trial' ? [{ ...discount, code, field }] : [],
    )[0] ?? null
  );
}

/** Days of the trial that a subscription begins with: the plan's, where it is asked for, a code's, or both. */
export function trialDaysOf({
  plan,
  useTrial,
  trial,
}: {
  plan: { trialDays: number };
  useTrial: boolean;
  trial: CouponTrial | null;
}): number {
  if (trial === null) {
    return useTrial ? plan.trialDays : 0;
  }

  return trial.days + (trial.isOnTop ? plan.trialDays : 0);
}

/** Codes as they are used on a subscription. */
export function usesOf(coupons: readonly AdmittedCoupon[]): CouponUse[] {
  return coupons.map(({ promotionId, codeId, code, field }) => ({ promotionId, codeId, code, field, discount: null }));
}
