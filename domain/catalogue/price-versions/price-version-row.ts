import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { agreedTaxBehavior } from '../agreed-tax-behavior';
import { PlanPhase } from '../plans/plan-phase-rules';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';

/** What the prices are of: a plan or an add-on. */
export type Priced = { planId: number } | { addonId: number };

export const PriceVersionRow = z.object({
  id: dbInteger,
  planId: dbInteger.nullable(),
  addonId: dbInteger.nullable(),
  version: z.number(),
  /** minor units for one period, or once */
  price: dbInteger,
  currency: z.string(),
  /** Whether it holds the tax; null: as the company has it. */
  taxBehavior: z.enum(taxBehaviors).nullable(),
  /** The same, resolved, of who agrees on it now. */
  agreedTaxBehavior: z.enum(taxBehaviors),
  /** Of an add-on its billing period. */
  billingCycle: z.string(),
  /** What a new subscription in it began with; null: of an add-on, and where they were not kept yet. */
  phases: z.array(PlanPhase).nullable(),
  /** Of an add-on, minor units, once; 0: none. */
  setupFee: dbInteger,
  validFrom: dbInstant,
  /** When the next one in its currency took its place, or it was taken away; null: it is the price of today. */
  validTo: dbInstant.nullable(),
  /** Who set it; null: the installation itself. */
  userId: dbInteger.nullable(),
});
export type PriceVersionRow = z.output<typeof PriceVersionRow>;

/** The versions of one plan or add-on, with when each was followed by the next. */
export function selectPriceVersions(companyId: number, of: Priced) {
  return Prisma.sql`
    SELECT v.id, v.plan_id AS "planId", v.addon_id AS "addonId", v.version, v.price, v.currency, v.tax_behavior AS "taxBehavior",
           ${agreedTaxBehavior(companyId, Prisma.sql`v.tax_behavior`)} AS "agreedTaxBehavior",
           v.billing_cycle AS "billingCycle", v.phases, v.setup_fee AS "setupFee", v.valid_from AS "validFrom",
           least(lead(v.valid_from) OVER (PARTITION BY v.currency ORDER BY v.version), v.ended_at) AS "validTo", v.user_id AS "userId"
      FROM product.price_versions v
     WHERE v.company_id = ${companyId}::bigint AND ${ofPriced(of)}`;
}

/** SQL for whether a row is of it. @param table what the statement calls the one that has `plan_id` and `addon_id` */
export function ofPriced(of: Priced, table = 'v') {
  const row = Prisma.raw(table);

  return 'planId' in of
    ? Prisma.sql`${row}.plan_id = ${of.planId}::bigint`
    : Prisma.sql`${row}.addon_id = ${of.addonId}::bigint`;
}

/** A version of a price as the API shows it. @param timeZone of the company */
export function viewPriceVersion(row: PriceVersionRow, timeZone: string) {
  return {
    id: row.id,
    version: row.version,
    price: row.price,
    currency: row.currency,
    taxBehavior: row.taxBehavior,
    billingCycle: row.billingCycle,
    phases: row.phases,
    setupFee: row.setupFee,
    validFrom: formatInstant(row.validFrom, timeZone),
    validTo: formatOptionalInstant(row.validTo, timeZone),
    userId: row.userId,
  };
}
