import { z } from 'zod';

import { Prisma } from '../../platform/db/database';
import { alreadyUsed, usedUp } from './coupon-rules';
import type { CouponUse } from './coupon-types';

/** Promotions by how far they got: those whose own and their code's limit allowed it, then those whose limit for the customer did, too. */
export const Redeemed = z.object({ byCode: z.array(z.number()), byCustomer: z.array(z.number()) });

/** What codes are used on: a new order, or a subscription. */
export type RedeemedOn = { readonly orderId: number } | { readonly subscriptionId: number };

/**
 * Common table expressions that use codes inside the statement that places, subscribes or applies. Each limit is a condition of the update that counts
 * by it, so that a code with n uses is never used n + 1 times. Promotions are locked in the order of their ids, after
 * the stock: their codes and customers are counted under that lock alone. The caller rolls back unless `assertRedeemed` agrees.
 * @param onlyIf SQL that yields at most one row; nothing is used when it yields none
 */
export function redeemExpressions(
  companyId: number,
  purchase: RedeemedOn & { customerId: number; currency: string; uses: readonly CouponUse[] },
  now: Date,
  onlyIf: Prisma.Sql,
): Prisma.Sql {
  const { orderId, subscriptionId } = idsOf(purchase);
  const uses = purchase.uses.map(({ promotionId, codeId, discount }) => ({ promotionId, codeId, discount }));

  return Prisma.sql`
    coupons AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(uses)}::jsonb) AS w("promotionId" bigint, "codeId" bigint, discount bigint)
    ),
    locked_promotions AS (
      SELECT p.id, w."codeId", w.discount FROM product.promotions p JOIN coupons w ON w."promotionId" = p.id CROSS JOIN (${onlyIf}) AS permitted
       WHERE p.company_id = ${companyId}::bigint ORDER BY p.id FOR NO KEY UPDATE OF p
    ),
    counted_promotions AS (
      UPDATE product.promotions p SET used = p.used + 1 FROM locked_promotions l
       WHERE p.company_id = ${companyId}::bigint AND p.id = l.id AND (p.max_uses IS NULL OR p.used < p.max_uses)
      RETURNING p.id, l."codeId", l.discount, p.max_uses_per_customer
    ),
    counted_codes AS (
      UPDATE product.promotion_codes c SET used = c.used + 1 FROM counted_promotions l
       WHERE c.company_id = ${companyId}::bigint AND c.id = l."codeId" AND (c.max_uses IS NULL OR c.used < c.max_uses)
      RETURNING l.id AS promotion_id, c.id AS code_id, l.discount, l.max_uses_per_customer
    ),
    counted_customers AS (
      INSERT INTO product.promotion_customers AS u (company_id, promotion_id, customer_id, used)
      SELECT ${companyId}::bigint, l.promotion_id, ${purchase.customerId}::bigint, 1 FROM counted_codes l
      ON CONFLICT (company_id, promotion_id, customer_id) DO UPDATE SET used = u.used + 1
       WHERE (SELECT l.max_uses_per_customer IS NULL OR u.used < l.max_uses_per_customer FROM counted_codes l WHERE l.promotion_id = u.promotion_id)
      RETURNING promotion_id
    ),
    redemptions AS (
      INSERT INTO product.promotion_redemptions (company_id, promotion_id, promotion_code_id, customer_id, order_id, subscription_id, discount, currency, redeemed_at)
      SELECT ${companyId}::bigint, l.promotion_id, l.code_id, ${purchase.customerId}::bigint, ${orderId}::bigint, ${subscriptionId}::bigint, l.discount,
             ${purchase.currency}, ${now}::timestamptz
        FROM counted_codes l JOIN counted_customers u ON u.promotion_id = l.promotion_id RETURNING id
    )`;
}

/** What of it came true, as a column of the same statement: see `Redeemed`. */
export const redeemedJson = Prisma.sql`jsonb_build_object(
  'byCode', (SELECT coalesce(jsonb_agg(promotion_id), '[]') FROM counted_codes),
  'byCustomer', (SELECT coalesce(jsonb_agg(promotion_id), '[]') FROM counted_customers))`;

/** Somebody else was quicker. @throws AppError promotion_used_up, promotion_already_used */
export function assertRedeemed(uses: readonly CouponUse[], redeemed: z.output<typeof Redeemed>): void {
  for (const use of uses) {
    if (!redeemed.byCode.includes(use.promotionId)) {
      throw usedUp(use);
    }
    if (!redeemed.byCustomer.includes(use.promotionId)) {
      throw alreadyUsed(use);
    }
  }
}

/** Both ids of what codes are used on, one of them null. */
export function idsOf(purchase: RedeemedOn): { orderId: number | null; subscriptionId: number | null } {
  return 'orderId' in purchase
    ? { orderId: purchase.orderId, subscriptionId: null }
    : { orderId: null, subscriptionId: purchase.subscriptionId };
}
