import { type LineBasis, toServiceLine } from '../../billing/pricing/line-basis';
import type { Adjustment, DiscountTiming, PromotionDiscount } from '../../billing/pricing/pricer-rules';
import { shareOfPeriod } from '../../billing/pricing/proration-rules';
import { leftOf, lastingAdjustments, type LastingDiscount } from '../../promotions/coupon-duration-rules';
import type { CouponItem } from '../../promotions/coupon-types';
import { isFree, planOf } from '../lifecycle/item-rules';
import type { Subscription } from '../lifecycle/subscription-types';

/** The promotions of a subscription: what they take off its invoices, and what of them is left. */

/** Names a plan or an add-on. */
type NamedTerms = { readonly planId: number } | { readonly addonKey: string };

/** A line of an invoice, with what it was made from. */
export interface BilledTerms {
  readonly terms: NamedTerms;
  /** Of the guard (D22). */
  readonly layer: number;
  /** A fee beside the price: it has no share of a period, and what is for a period is not taken for it. */
  readonly isSetup?: true | undefined;
  readonly basis: LineBasis;
}

/** What is billed or sold, as promotions see it. */
export function couponItemOf(terms: NamedTerms): CouponItem {
  return 'planId' in terms ? { kind: 'plan', id: terms.planId } : { kind: 'addon', key: terms.addonKey };
}

/** What the subscription's discounts take off the lines of one invoice, for the pricer. */
export function discountAdjustments<Source>(
  state: Subscription,
  sources: readonly Source[],
  { lineOf, timing }: { lineOf(source: Source): BilledTerms; timing: DiscountTiming },
): Adjustment<Source>[] {
  if (state.discounts.length === 0) {
    return [];
  }

  return lastingAdjustments(state.discounts, sources, {
    timing,
    isPlanFree: isFree(planOf(state)),
    lineOf(source) {
      const { terms, layer, basis, isSetup } = lineOf(source);
      const { service, denominator, proration } = toServiceLine(basis);

      return {
        item: couponItemOf(terms),
        startsAt: basis.service.startsAt,
        share: shareOfPeriod(service, denominator, proration),
        isOnTop: layer > 0 || isSetup === true,
      };
    },
  });
}

/** An invoice has used something up of amounts that are taken once. */
export function withDiscountsTaken(
  state: Subscription,
  invoiceId: number,
  taken: readonly PromotionDiscount[],
): Subscription {
  return withDiscounts(state, (one) => {
    const amount = taken.find(({ promotionId }) => promotionId === one.promotionId)?.amount ?? 0;

    return amount === 0 || leftOf(one) === null ? one : { ...one, taken: [...one.taken, { invoiceId, amount }] };
  });
}

/** An invoice was taken back: what it used up is there again. */
export function withDiscountsGivenBack(state: Subscription, invoiceId: number): Subscription {
  return withDiscounts(state, (one) =>
    one.taken.some((entry) => entry.invoiceId === invoiceId)
      ? { ...one, taken: one.taken.filter((entry) => entry.invoiceId !== invoiceId) }
      : one,
  );
}

/** While service is paused the time of discounts stands still: the longest that they hold in periods of another length. */
export function withPauseAdded(state: Subscription, pausedFor: number): Subscription {
  return withDiscounts(state, (one) => (one.endsAt === null ? one : { ...one, endsAt: one.endsAt + pausedFor }));
}

function withDiscounts(state: Subscription, change: (one: LastingDiscount) => LastingDiscount): Subscription {
  return state.discounts.length === 0 ? state : { ...state, discounts: state.discounts.map(change) };
}
