import type { Adjustment, ChargeLine, DiscountTiming, PromotionDiscount } from '../billing/pricing/pricer-rules';
import { AppError, type ErrorCode } from '../errors';
import { formatMoney } from '../money/currency-rules';
import { foldForSearch } from '../search/search-rules';
import type { AskedCoupon, Coupon, CouponDiscount, CouponItem, CouponScope, CouponUse } from './coupon-types';

/** What codes are to be used on. */
export interface Purchase<Source> {
  readonly lines: readonly ChargeLine<Source>[];
  itemOf(source: Source): CouponItem;
  /** Of the billing account. */
  readonly currency: string;
  /** epoch milliseconds */
  readonly now: number;
}

/** A coupon that may be used, with the member that asked for it. */
export interface AdmittedCoupon extends Coupon {
  readonly field: string;
}

/** The codes that a request names, one or several, each with the member that holds it. */
export function askedCodes(input: {
  promotionCode?: string | null | undefined;
  promotionCodes?: readonly string[] | undefined;
}): Omit<AskedCoupon, 'coupon'>[] {
  return [
    ...(input.promotionCode == null ? [] : [{ code: input.promotionCode, field: '/promotionCode' }]),
    ...(input.promotionCodes ?? []).map((code, index) => ({ code, field: `/promotionCodes/${index}` })),
  ];
}

/**
 * The codes of one purchase in the order in which they are taken off: by priority, then the older promotion first,
 * whatever order they were sent in.
 * @throws AppError promotion_not_found, promotion_not_started, promotion_ended, promotion_used_up, promotion_already_used,
 *   promotion_other_currency, promotion_not_applicable, promotion_below_minimum, promotion_not_combinable; each names the
 *   member that holds the code
 */
export function admitCoupons<Source>(asked: readonly AskedCoupon[], purchase: Purchase<Source>): AdmittedCoupon[] {
  const admitted = asked.map((one) => admit(one, purchase));
  const alone = admitted.find((one, index) => index > 0 && !mayJoin(one, admitted.slice(0, index)));

  if (alone !== undefined) {
    throw refusal('promotion_not_combinable', alone, 'cannot be used together with the other code.');
  }

  return admitted.sort((a, b) => a.priority - b.priority || a.promotionId - b.promotionId);
}

/** What admitted coupons take off, for the pricer: in their order, each of what those before it have left (D14). */
export function couponAdjustments<Source>(
  coupons: readonly Coupon[],
  { itemOf, timing }: { itemOf(source: Source): CouponItem; timing: DiscountTiming },
): Adjustment<Source>[] {
  return coupons.flatMap(({ promotionId, code, discount, scope }) =>
    discount.kind === 'trial'
      ? []
      : [
          {
            timing,
            appliesTo: (source: Source) => isInScope(scope, itemOf(source)),
            promotion: { promotionId, code },
            ...amountOff(discount),
          },
        ],
  );
}

/** How much a discount takes off, as the pricer takes it. */
export function amountOff(discount: CouponDiscount) {
  return discount.kind === 'amount'
    ? { kind: 'amount' as const, amount: BigInt(discount.amount) }
    : {
        kind: 'percent' as const,
        ratePpm: discount.ratePpm,
        basis: discount.basis,
        ...(discount.most === null ? {} : { most: BigInt(discount.most) }),
      };
}

/**
 * Admitted coupons with what each takes off. A code that takes nothing off stays with the customer.
 * @param discounts what promotions took off, as the pricer has it
 * @throws AppError promotion_not_applicable
 */
export function couponUses(
  coupons: readonly AdmittedCoupon[],
  discounts: readonly PromotionDiscount[] = [],
): CouponUse[] {
  return coupons.map(({ promotionId, codeId, code, field }) => {
    const discount = discounts.find((one) => one.promotionId === promotionId)?.amount ?? null;

    if (discount === null) {
      throw refusal(
        'promotion_not_applicable',
        { code, field },
        'takes nothing off: what it is for costs nothing, or no longer does.',
      );
    }

    return { promotionId, codeId, code, field, discount };
  });
}

/** Whether a scope holds for a thing: it names nothing, or that thing or its category. */
export function isInScope(scope: CouponScope, item: CouponItem): boolean {
  const { productIds = [], categories = [], planIds = [], addonKeys = [] } = scope;

  if (productIds.length + categories.length + planIds.length + addonKeys.length === 0) {
    return true;
  }

  switch (item.kind) {
    case 'product':
      return productIds.includes(item.id) || categories.some((name) => foldForSearch(name) === item.category);
    case 'plan':
      return planIds.includes(item.id);
    case 'addon':
      return addonKeys.includes(item.key);
  }
}

/** The refusal of a code, in words that name it. */
export function refusal(
  code: ErrorCode,
  asked: Pick<AskedCoupon, 'code' | 'field'>,
  says: string,
  params: Record<string, unknown> = {},
): AppError {
  return new AppError(code, {
    field: asked.field,
    detail: `The code ${asked.code} ${says}`,
    params: { promotionCode: asked.code, ...params },
  });
}

function admit<Source>({ coupon, ...asked }: AskedCoupon, purchase: Purchase<Source>): AdmittedCoupon {
  if (coupon === null) {
    throw refusal('promotion_not_found', asked, 'does not exist.');
  }
  assertItHolds(coupon, asked, purchase);
  const isForPlans = coupon.discount.kind === 'trial';
  const subtotal = purchase.lines
    .map(({ source, amount }) => ({ item: purchase.itemOf(source), amount }))
    .filter(({ item }) => isInScope(coupon.scope, item) && (item.kind === 'plan' || !isForPlans))
    .reduce<bigint | null>((sum, { amount }) => (sum ?? 0n) + amount, null);

  if (subtotal === null) {
    throw refusal('promotion_not_applicable', asked, 'is for none of the things that are bought.');
  }

  if (subtotal < BigInt(coupon.minSubtotal)) {
    const least = formatMoney(coupon.minSubtotal, purchase.currency);
    throw refusal('promotion_below_minimum', asked, `needs ${least} of what it is for, at prices as they are shown.`, {
      minSubtotal: coupon.minSubtotal,
      subtotal: Number(subtotal),
    });
  }

  return { ...coupon, field: asked.field };
}

/** @throws AppError for what does not depend on what is bought */
function assertItHolds(
  { startsAt, endsAt, usesLeft, usesLeftForCustomer, currency }: Coupon,
  asked: Pick<AskedCoupon, 'code' | 'field'>,
  purchase: Pick<Purchase<unknown>, 'now' | 'currency'>,
): void {
  const at = (instant: number) => new Date(instant).toISOString();

  if (startsAt !== null && purchase.now < startsAt) {
    throw refusal('promotion_not_started', asked, 'does not hold yet.', { startsAt: at(startsAt) });
  }

  if (endsAt !== null && purchase.now >= endsAt) {
    throw refusal('promotion_ended', asked, 'holds no longer.', { endsAt: at(endsAt) });
  }

  if (usesLeft !== null && usesLeft <= 0) {
    throw usedUp(asked);
  }

  if (usesLeftForCustomer !== null && usesLeftForCustomer <= 0) {
    throw alreadyUsed(asked);
  }

  if (currency !== null && currency !== purchase.currency) {
    throw refusal(
      'promotion_other_currency',
      asked,
      `is in ${currency}, the customer is billed in ${purchase.currency}.`,
    );
  }
}

/** Refused by the look before, or by the statement that counts, whichever sees it first. */
export function usedUp(asked: Pick<AskedCoupon, 'code' | 'field'>): AppError {
  return refusal('promotion_used_up', asked, 'has been used as often as it may be.');
}

/** The same of one customer. */
export function alreadyUsed(asked: Pick<AskedCoupon, 'code' | 'field'>): AppError {
  return refusal('promotion_already_used', asked, 'was used by this customer as often as it may be.');
}

/** Whether a coupon may be used beside others. */
export function mayJoin(one: Joined, others: readonly Joined[]): boolean {
  return others.every((other) => one.isCombinable && other.isCombinable && one.promotionId !== other.promotionId);
}

type Joined = Pick<Coupon, 'isCombinable' | 'promotionId'>;
