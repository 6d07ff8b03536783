import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { KnownCatalogue } from './catalogue-change-rules';

const Prices = z.array(z.object({ price: z.number().int(), currency: z.string() }));
const Plan = z.object({
  id: dbInteger,
  name: z.string(),
  prices: Prices,
  billingCycle: z.string(),
  trialDays: z.int(),
  isPlain: z.boolean(),
});
const Addon = z.object({
  id: dbInteger,
  key: z.string(),
  name: z.string(),
  prices: Prices,
  billingPeriod: z.string(),
  isPlain: z.boolean(),
});
const Promotion = z.object({
  id: dbInteger,
  name: z.string(),
  codes: z.array(z.string()),
  ratePpm: z.int().nullable(),
  amount: dbInteger.nullable(),
  currency: z.string().nullable(),
  periods: z.int().nullable(),
  isPlain: z.boolean(),
});

/**
 * What the company sells or has sold, as a plan compares it with what is asked for. Drafts that a switch under way has made
 * are not there for it.
 */
export async function readKnownCatalogue(tx: TenantSql): Promise<KnownCatalogue> {
  const draft = (kind: 'plans' | 'addons' | 'promotions', id: Prisma.Sql) => Prisma.sql`
    NOT EXISTS (SELECT FROM platform.deployments d WHERE d.company_id = ${tx.companyId}::bigint AND d.committed_at IS NULL
                   AND d.ended_at IS NULL AND d.drafts -> ${kind} @> to_jsonb(${id}))`;

  return {
    plans: await tx.query(
      Plan,
      Prisma.sql`SELECT p.id, p.name, ${plainPrices(ofPlan)} AS prices, p.billing_cycle AS "billingCycle", p.trial_days AS "trialDays",
                        p.status = 'active' AND p.tax_category = 'standard' AS "isPlain"
                   FROM product.plans p WHERE p.company_id = ${tx.companyId}::bigint AND ${draft('plans', Prisma.sql`p.id`)} ORDER BY p.id`,
    ),
    addons: await tx.query(
      Addon,
      Prisma.sql`SELECT a.id, a.addon_key AS key, a.name, ${plainPrices(ofAddon)} AS prices, a.billing_period AS "billingPeriod",
                        a.is_active AND a.tax_category = 'standard' AS "isPlain"
                   FROM product.addons a WHERE a.company_id = ${tx.companyId}::bigint AND ${draft('addons', Prisma.sql`a.id`)} ORDER BY a.id`,
    ),
    promotions: await tx.query(
      Promotion,
      Prisma.sql`SELECT p.id, p.name, ARRAY(SELECT c.code FROM product.promotion_codes c WHERE c.company_id = p.company_id AND c.promotion_id = p.id
                          AND c.max_uses IS NULL ORDER BY c.id LIMIT 100) AS codes,
                        p.rate_ppm AS "ratePpm", p.amount, p.currency, p.duration_periods AS periods,
                        p.status = 'active' AND p.kind <> 'trial' AND p.duration <> 'once' AND p.most IS NULL AND p.min_subtotal = 0
                          AND p.product_ids = '{}' AND p.categories = '{}' AND p.plan_ids = '{}' AND p.addon_keys = '{}'
                          AND p.starts_at IS NULL AND p.ends_at IS NULL AND p.max_uses IS NULL AND p.max_uses_per_customer IS NULL AS "isPlain"
                   FROM product.promotions p WHERE p.company_id = ${tx.companyId}::bigint AND ${draft('promotions', Prisma.sql`p.id`)} ORDER BY p.id`,
    ),
  };
}

const ofPlan = Prisma.sql`
  SELECT p.price, p.currency WHERE p.phases = '[]' AND p.tax_behavior IS NULL
  UNION ALL
  SELECT x.price, x.currency FROM product.plan_prices x
   WHERE x.company_id = p.company_id AND x.plan_id = p.id AND x.phases = '[]' AND coalesce(x.tax_behavior, p.tax_behavior) IS NULL`;
const ofAddon = Prisma.sql`
  SELECT a.price, a.currency WHERE a.tax_behavior IS NULL
  UNION ALL
  SELECT x.price, x.currency FROM product.addon_prices x
   WHERE x.company_id = a.company_id AND x.addon_id = a.id AND coalesce(x.tax_behavior, a.tax_behavior) IS NULL`;

/** SQL of one value: its prices of which nothing more is to be said, in each currency, its own first. */
function plainPrices(of: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce((SELECT jsonb_agg(jsonb_build_object('price', y.price, 'currency', y.currency)) FROM (${of}) y), '[]')`;
}
