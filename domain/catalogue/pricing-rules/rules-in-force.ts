import { z } from 'zod';

import { Prisma } from '../../../platform/db/database';
import { PriceTierJson } from './pricing-rule-row';

/** A rule as `rulesInForce` reads it: what `priceOfProduct` takes. */
export const PricingRuleJson = z.object({
  id: z.number().int(),
  name: z.string(),
  currency: z.string().nullable(),
  productIds: z.array(z.number().int()),
  categories: z.array(z.string()),
  segments: z.array(z.string()),
  tiers: z.array(PriceTierJson),
  priority: z.number().int(),
});

/**
 * SQL of one value: a JSON array of the company's rules that are active now and can concern one of these products, or
 * null. A company without rules looks into an empty index.
 */
export function rulesInForce(companyId: number, productIds: readonly number[], now: Date): Prisma.Sql {
  const ids = [...productIds];

  return Prisma.sql`(
    SELECT jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'currency', r.currency, 'productIds', r.product_ids,
             'categories', r.category_texts, 'segments', r.segments, 'tiers', r.tiers, 'priority', r.priority))
      FROM product.pricing_rules r
     WHERE r.company_id = ${companyId}::bigint AND r.status = 'active'
       AND (r.starts_at IS NULL OR r.starts_at <= ${now}::timestamptz) AND (r.ends_at IS NULL OR r.ends_at > ${now}::timestamptz)
       AND ((cardinality(r.product_ids) = 0 AND cardinality(r.category_texts) = 0) OR r.product_ids && ${ids}::bigint[]
            OR r.category_texts && ARRAY(SELECT p.category_text FROM product.products p
                                          WHERE p.company_id = ${companyId}::bigint AND p.id = ANY (${ids}::bigint[]))))`;
}
