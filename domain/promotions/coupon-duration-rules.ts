import type { Adjustment, DiscountTiming } from '../billing/pricing/pricer-rules';
import { compareRatios, multiplyRatios, addRatios, type Ratio, ratio, roundHalfUp, ZERO } from '../money/ratio-rules';
import { amountOff, isInScope } from './coupon-rules';
import type { Coupon, CouponDiscount, CouponItem } from './coupon-types';

/**
 * A coupon on a subscription: what was agreed on when it was applied, so that editing a promotion touches nobody who has it.
 * Plain data; instants are epoch milliseconds, amounts minor units.
 */
export interface LastingDiscount extends Pick<
  Coupon,
  'promotionId' | 'codeId' | 'code' | 'currency' | 'scope' | 'priority' | 'isCombinable' | 'duration'
> {
  readonly discount: CouponDiscount;
  readonly appliedAt: number;
  /** It is taken off service that begins before; null: for ever, until it is used up, or not known before service begins. */
  readonly endsAt: number | null;
  /** What invoices took of an amount that is taken once; empty for all others. */
  readonly taken: readonly { readonly invoiceId: number; readonly amount: number }[];
}

/** A stretch of service that is billed, as far as discounts ask. */
export interface DiscountableLine {
  readonly item: CouponItem;
  /** epoch milliseconds */
  readonly startsAt: number;
  /** Part of a whole period that it is. */
  readonly share: Ratio;
  /** A difference, or a fee, that is billed on top of the same days: they have had their amount. */
  readonly isOnTop: boolean;
}

/**
 * What discounts take off the lines of one invoice, for the pricer: by priority, then the older promotion, each of what those
 * before it have left (D14). A percentage is taken off every line that it is for. An amount is for a whole period: a part of
 * one has its part of it, and add-ons that are billed by themselves have none, unless it names them or the plan is free. An
 * amount that is taken once goes on until it is used up.
 */
export function lastingAdjustments<Source>(
  discounts: readonly LastingDiscount[],
  sources: readonly Source[],
  of: { lineOf(source: Source): DiscountableLine; isPlanFree: boolean; timing: DiscountTiming },
): Adjustment<Source>[] {
  const lines = sources.map((source) => ({ source, ...of.lineOf(source) }));

  return [...discounts]
    .sort((a, b) => a.priority - b.priority || a.promotionId - b.promotionId)
    .flatMap((one) => {
      const eligible = lines.filter((line) => isInScope(one.scope, line.item) && holdsAt(one, line.startsAt));
      const off = eligible.length === 0 ? null : offOf(one, eligible, of.isPlanFree);
      const meant = new Set(eligible.map(({ source }) => source));
      const { promotionId, code } = one;

      return off === null
        ? []
        : [
            {
              timing: of.timing,
              appliesTo: (source: Source) => meant.has(source),
              promotion: { promotionId, code },
              ...off,
            },
          ];
    });
}

/** Whether a discount has nothing more to take off from an instant on. */
export function isOver(discount: LastingDiscount, now: number): boolean {
  return !holdsAt(discount, now) || leftOf(discount) === 0;
}

/** Minor units that an amount which is taken once has left; null for all others. */
export function leftOf({ discount, duration, taken }: LastingDiscount): number | null {
  return discount.kind === 'amount' && duration.kind === 'once'
    ? Math.max(0, discount.amount - taken.reduce((sum, { amount }) => sum + amount, 0))
    : null;
}

/** Billing periods that it lasts; null: it does not end by time. */
export function periodsOf({ discount, duration }: Pick<LastingDiscount, 'discount' | 'duration'>): number | null {
  switch (duration.kind) {
    case 'forever':
      return null;
    case 'periods':
      return duration.count;
    case 'once':
      return discount.kind === 'amount' ? null : 1;
  }
}

function holdsAt({ endsAt }: LastingDiscount, at: number): boolean {
  return endsAt === null || at < endsAt;
}

function offOf(one: LastingDiscount, eligible: readonly DiscountableLine[], isPlanFree: boolean) {
  const { discount, scope } = one;
  const left = leftOf(one);

  if (discount.kind === 'percent') {
    return amountOff(discount);
  }

  if (left !== null) {
    return left === 0 ? null : amountOff({ kind: 'amount', amount: left });
  }
  const isByItself = (scope.addonKeys ?? []).length > 0 || isPlanFree;

  if (!isByItself && !eligible.some(({ item }) => item.kind === 'plan')) {
    return null;
  }
  const amount = roundHalfUp(multiplyRatios(ratio(BigInt(discount.amount)), largestShare(eligible)));

  return amount === 0n ? null : { kind: 'amount' as const, amount };
}

/** Of the items of an invoice, that of the one which most of a period is billed of. */
function largestShare(lines: readonly DiscountableLine[]): Ratio {
  const shares = new Map<string, Ratio>();

  for (const { item, share, isOnTop } of lines) {
    const key = item.kind === 'addon' ? `addon/${item.key}` : item.kind;
    shares.set(key, addRatios(shares.get(key) ?? ZERO, isOnTop ? ZERO : share));
  }

  return [...shares.values()].reduce((most, share) => (compareRatios(share, most) > 0 ? share : most), ZERO);
}
