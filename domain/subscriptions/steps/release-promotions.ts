import type { TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { releaseCoupons } from '../../promotions/release-coupons';
import { subscriptionSubject } from '../lifecycle/subscription-id-rules';

/** Gives codes of a subscription back, once, and tells it. The subscription's row is locked. @param from.promotionId null: all of them */
export async function releasePromotions(
  tx: TenantSql,
  {
    subscriptionId,
    promotionId,
    isTrialHad,
    now,
  }: { subscriptionId: number; promotionId: number | null; isTrialHad: boolean; now: Date },
): Promise<void> {
  const released = await releaseCoupons(tx, { subscriptionId, promotionId, isTrialHad }, now);
  await appendEvents(tx, {
    subject: subscriptionSubject(subscriptionId),
    events: released.map((coupon) => ({ type: 'promotion.released', payload: { ...coupon, subscriptionId } })),
    now,
  });
}
