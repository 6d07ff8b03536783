import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { formatInstant } from '../../../platform/instant';
import { taxBehaviors } from '../../money/tax-behavior-types';
import type { PriceModel } from '../../billing/pricing/price-model-types';

export const MeterPriceRow = z.object({
  id: dbInteger,
  meterId: dbInteger,
  /** What it is the price within; null of both: in general, which is shown and billed by nobody. */
  planId: dbInteger.nullable(),
  addonId: dbInteger.nullable(),
  currency: z.string(),
  /** Whether what it comes to holds the tax: settled when it was made. */
  taxBehavior: z.enum(taxBehaviors),
  price: z.custom<PriceModel>(),
  /** An archived one goes on for whatever was sold at it. */
  status: z.enum(['active', 'archived']),
  createdAt: dbInstant,
});
export type MeterPriceRow = z.output<typeof MeterPriceRow>;

export const selectMeterPrices = Prisma.sql`
  SELECT p.id, p.meter_id AS "meterId", p.plan_id AS "planId", p.addon_id AS "addonId", p.currency, p.tax_behavior AS "taxBehavior", p.price, p.status, p.created_at AS "createdAt" FROM usage.meter_prices p`;

/** A price as the API shows it. @param timeZone of the company */
export function viewMeterPrice(row: MeterPriceRow, timeZone: string) {
  return { ...row, createdAt: formatInstant(row.createdAt, timeZone) };
}
