import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma } from '../../../platform/db/database';
import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { FeatureGrant, grantValue } from '../../catalogue/features/feature-grant';

export const overrideEffects = ['grant', 'deny'] as const;
export const overrideEnds = ['removed', 'replaced', 'expired'] as const;

export const OverrideRow = z.object({
  id: dbInteger,
  customerId: dbInteger,
  feature: z.string(),
  effect: z.enum(overrideEffects),
  /** null of one that denies. */
  value: FeatureGrant.shape.value.nullable(),
  reason: z.string(),
  validUntil: dbInstant.nullable(),
  /** Users. */
  createdBy: dbInteger.nullable(),
  createdAt: dbInstant,
  endedAt: dbInstant.nullable(),
  endedBy: dbInteger.nullable(),
  endReason: z.enum(overrideEnds).nullable(),
  timeZone: z.string(),
});
export type OverrideRow = z.output<typeof OverrideRow>;

export const selectOverrides = Prisma.sql`
  SELECT g.id, g.customer_id AS "customerId", f.code AS feature, g.effect, CASE WHEN g.effect = 'grant' THEN ${grantValue} END AS value, g.reason,
         g.valid_until AS "validUntil", g.created_by AS "createdBy", g.created_at AS "createdAt", g.ended_at AS "endedAt",
         g.ended_by AS "endedBy", g.end_reason AS "endReason", a.time_zone AS "timeZone"
    FROM ordering.entitlement_overrides g
    JOIN product.features f ON f.company_id = g.company_id AND f.id = g.feature_id
    JOIN finance.billing_accounts a ON a.company_id = g.company_id AND a.customer_id = g.customer_id`;

/** An override as the API and events show it; times in the zone of the customer's account. */
export function viewOverride({ timeZone, ...row }: OverrideRow) {
  return {
    ...row,
    validUntil: formatOptionalInstant(row.validUntil, timeZone),
    createdAt: formatInstant(row.createdAt, timeZone),
    endedAt: formatOptionalInstant(row.endedAt, timeZone),
  };
}
