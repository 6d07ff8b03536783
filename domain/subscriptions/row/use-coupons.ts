import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { CouponJson, couponsForCustomer, matchCoupons } from '../../promotions/coupons-for-customer';
import type { AskedCoupon, CouponUse } from '../../promotions/coupon-types';
import { assertRedeemed, Redeemed, redeemedJson, redeemExpressions } from '../../promotions/redeem-coupons';

/** Codes as they were asked for, as they stand for a customer, or for nobody yet; nothing is locked. */
export async function readAskedCoupons(
  tx: TenantSql,
  customerId: number | null,
  asked: readonly Omit<AskedCoupon, 'coupon'>[],
): Promise<AskedCoupon[]> {
  if (asked.length === 0) {
    return [];
  }
  const codes = asked.map(({ code }) => code);
  const [row] = await tx.query(
    z.object({ coupons: z.array(CouponJson).nullable() }),
    Prisma.sql`SELECT ${couponsForCustomer(tx.companyId, customerId, codes)} AS coupons`,
  );

  return matchCoupons(asked, row?.coupons);
}

/**
 * Uses codes on a subscription whose row is locked.
 * @throws AppError promotion_used_up, promotion_already_used
 */
export async function redeemOnSubscription(
  tx: TenantSql,
  on: { subscriptionId: number; customerId: number; currency: string; uses: readonly CouponUse[] },
  now: Date,
): Promise<void> {
  const [row] = await tx.query(
    z.object({ redeemed: Redeemed }),
    Prisma.sql`WITH ${redeemExpressions(tx.companyId, on, now, Prisma.sql`SELECT 1`)} SELECT ${redeemedJson} AS redeemed`,
  );
  assertRedeemed(on.uses, row?.redeemed ?? { byCode: [], byCustomer: [] });
}
