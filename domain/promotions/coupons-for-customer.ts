import { z } from 'zod';

import { Prisma } from '../../platform/db/database';
import { epochMs } from '../../platform/db/epoch-ms';
import type { AskedCoupon, Coupon } from './coupon-types';
import { Discount, discountJson, Duration, durationJson, Scope, scopeJson } from './promotion-row';

const whole = z.number().int();

export const CouponJson = z.object({
  promotionId: whole,
  codeId: whole,
  code: z.string(),
  discount: Discount,
  duration: Duration,
  currency: z.string().nullable(),
  minSubtotal: whole,
  scope: Scope,
  startsAt: whole.nullable(),
  endsAt: whole.nullable(),
  usesLeft: whole.nullable(),
  usesLeftForCustomer: whole.nullable(),
  priority: whole,
  isCombinable: z.boolean(),
});

/**
 * JSON of the codes that are known, as they stand for a customer, inside a larger statement (D9); null when none is.
 * @param codes in capitals
 */
export function couponsForCustomer(companyId: number, customerId: number | null, codes: readonly string[]): Prisma.Sql {
  return Prisma.sql`(
    SELECT jsonb_agg(to_jsonb(k)) FROM (
      SELECT p.id AS "promotionId", c.id AS "codeId", c.code, ${discountJson} AS discount, ${durationJson} AS duration, p.currency, p.min_subtotal AS "minSubtotal",
             ${scopeJson} AS scope, ${epochMs('p.starts_at')} AS "startsAt",
             ${epochMs('p.ends_at')} AS "endsAt", least(p.max_uses - p.used, c.max_uses - c.used) AS "usesLeft",
             p.max_uses_per_customer - coalesce(u.used, 0) AS "usesLeftForCustomer", p.priority, p.is_combinable AS "isCombinable"
        FROM product.promotion_codes c
        JOIN product.promotions p ON p.company_id = c.company_id AND p.id = c.promotion_id
        LEFT JOIN product.promotion_customers u ON u.company_id = c.company_id AND u.promotion_id = p.id AND u.customer_id = ${customerId}::bigint
       WHERE c.company_id = ${companyId}::bigint AND c.code = ANY (${[...codes]}::text[]) AND p.status = 'active') k)`;
}

/** Codes as they were asked for, each with what is known of it. */
export function matchCoupons(
  asked: readonly Omit<AskedCoupon, 'coupon'>[],
  known: readonly Coupon[] | null | undefined,
): AskedCoupon[] {
  return asked.map((one) => ({ ...one, coupon: known?.find(({ code }) => code === one.code) ?? null }));
}
