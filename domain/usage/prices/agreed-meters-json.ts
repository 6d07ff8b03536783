import { Prisma } from '../../../platform/db/database';

/**
 * JSON of what a plan or an add-on meters now, for a statement that reads it as `p` with id and currency; null where it
 * meters nothing.
 * @param owner over `r` (usage.meter_prices)
 */
export const agreedMetersJson = (companyId: number, owner: Prisma.Sql): Prisma.Sql => Prisma.sql`(
  SELECT jsonb_agg(jsonb_build_object('meterId', m.id, 'meterName', m.name, 'priceId', r.id, 'planId', r.plan_id,
           'addonId', r.addon_id, 'price', r.price, 'taxBehavior', r.tax_behavior) ORDER BY m.id)
    FROM usage.meter_prices r JOIN usage.meters m ON m.company_id = r.company_id AND m.id = r.meter_id AND m.status = 'active'
   WHERE r.company_id = ${companyId}::bigint AND r.currency = p.currency AND r.status = 'active' AND ${owner})`;
