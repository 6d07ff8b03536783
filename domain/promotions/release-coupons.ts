import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { idsOf, type RedeemedOn } from './redeem-coupons';

const Released = z.object({
  promotionId: dbInteger,
  code: z.string(),
  customerId: dbInteger,
  discount: dbInteger.nullable(),
  currency: z.string(),
});

/**
 * Gives the codes of an order or a subscription back, once; a repeat finds nothing to give back. A subscription may have used
 * one several times: applied, taken off and applied again. A trial that was had is
 * used, which is so where nothing else is said. The subject's row is locked, and its stock was given back before: the lock order of `redeemExpressions`.
 */
export function releaseCoupons(
  tx: TenantSql,
  from: RedeemedOn & { promotionId?: number | null; isTrialHad?: boolean },
  now: Date,
): Promise<z.output<typeof Released>[]> {
  const { orderId, subscriptionId } = idsOf(from);
  const promotionId = from.promotionId ?? null;

  return tx.query(
    Released,
    Prisma.sql`
      WITH released AS (
        UPDATE product.promotion_redemptions r SET released_at = ${now}::timestamptz
         WHERE r.company_id = ${tx.companyId}::bigint AND r.released_at IS NULL
           AND ${orderId === null ? Prisma.sql`r.subscription_id = ${subscriptionId}::bigint` : Prisma.sql`r.order_id = ${orderId}::bigint`}
           AND (${promotionId}::bigint IS NULL OR r.promotion_id = ${promotionId}::bigint)
           AND NOT (${from.isTrialHad ?? true}::boolean AND EXISTS (SELECT FROM product.promotions p WHERE p.company_id = r.company_id AND p.id = r.promotion_id AND p.kind = 'trial'))
        RETURNING r.promotion_id, r.promotion_code_id, r.customer_id, r.discount, r.currency
      ),
      locked_promotions AS (
        SELECT p.id, r.uses FROM product.promotions p
          JOIN (SELECT promotion_id, count(*)::int AS uses FROM released GROUP BY promotion_id) r ON r.promotion_id = p.id
         WHERE p.company_id = ${tx.companyId}::bigint ORDER BY p.id FOR NO KEY UPDATE OF p
      ),
      counted_promotions AS (
        UPDATE product.promotions p SET used = p.used - l.uses FROM locked_promotions l
         WHERE p.company_id = ${tx.companyId}::bigint AND p.id = l.id RETURNING p.id, l.uses
      ),
      counted_codes AS (
        UPDATE product.promotion_codes c SET used = c.used - r.uses
          FROM (SELECT promotion_id, promotion_code_id, count(*)::int AS uses FROM released GROUP BY promotion_id, promotion_code_id) r
          JOIN counted_promotions p ON p.id = r.promotion_id
         WHERE c.company_id = ${tx.companyId}::bigint AND c.id = r.promotion_code_id RETURNING c.id, c.code
      ),
      counted_customers AS (
        UPDATE product.promotion_customers u SET used = u.used - p.uses
          FROM counted_promotions p JOIN (SELECT DISTINCT promotion_id, customer_id FROM released) r ON r.promotion_id = p.id
         WHERE u.company_id = ${tx.companyId}::bigint AND u.promotion_id = p.id AND u.customer_id = r.customer_id RETURNING u.customer_id
      )
      SELECT r.promotion_id AS "promotionId", c.code, r.customer_id AS "customerId", r.discount, r.currency
        FROM released r JOIN counted_codes c ON c.id = r.promotion_code_id ORDER BY r.promotion_id`,
  );
}
