import type { Prisma } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { isOver, type LastingDiscount, leftOf } from '../../promotions/coupon-duration-rules';
import { Discounts } from './subscription-row';

/** Promotions of a subscription as the API shows them, as they stood when it was changed last. */
export function viewDiscounts(
  row: Pick<Prisma.SubscriptionGetPayload<object>, 'discounts' | 'timeZone' | 'updatedAt'>,
) {
  const zoned = (at: number) => formatInstant(new Date(at), row.timeZone);

  return (Discounts.parse(row.discounts) as LastingDiscount[]).map((one) => ({
    promotionId: one.promotionId,
    code: one.code,
    discount: one.discount,
    duration: one.duration,
    appliedAt: zoned(one.appliedAt),
    endsAt: one.endsAt === null ? null : zoned(one.endsAt),
    amountLeft: leftOf(one),
    isOver: isOver(one, row.updatedAt.getTime()),
  }));
}
