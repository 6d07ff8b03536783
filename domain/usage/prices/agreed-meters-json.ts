import { z } from 'zod';

import { Prisma } from '../../../platform/db/database';
import { AgreedMeter } from './agreed-meter';

/** What a plan or an add-on meters, at a price in one currency. */
export const PricedMeter = AgreedMeter.extend({ currency: z.string() });

/**
 * JSON of what a plan or an add-on meters now, at its prices in all currencies; null where it meters nothing.
 * @param owner over `r` (usage.meter_prices)
 */
export const pricedMetersJson = (companyId: number, owner: Prisma.Sql): Prisma.Sql => Prisma.sql`(
  SELECT jsonb_agg(jsonb_build_object('meterId', m.id, 'meterName', m.name, 'priceId', r.id, 'planId', r.plan_id,
           'addonId', r.addon_id, 'price', r.price, 'taxBehavior', r.tax_behavior, 'currency', r.currency) ORDER BY m.id, r.currency)
    FROM usage.meter_prices r JOIN usage.meters m ON m.company_id = r.company_id AND m.id = r.meter_id AND m.status = 'active'
   WHERE r.company_id = ${companyId}::bigint AND r.status = 'active' AND ${owner})`;
