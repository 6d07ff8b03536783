import { z } from 'zod';

import { Prisma } from '../../../platform/db/database';
import type { FeatureKind } from './feature-row';

/**
 * How much of a feature a plan or an add-on gives: `true`, a number of its unit, or no limit. Of a metered one the number
 * is for each period of the plan.
 */
export const FeatureGrant = z.object({
  feature: z.string(),
  value: z.union([z.literal(true), z.number().int(), z.literal('unlimited')]),
  /** For each seat, or each one bought. */
  perUnit: z.boolean(),
});
export type FeatureGrant = z.output<typeof FeatureGrant>;

/** The value of a row `g` of plan_features or addon_features, as JSON. */
export const grantValue = Prisma.sql`CASE WHEN g.is_unlimited THEN '"unlimited"'::jsonb WHEN g.value_limit IS NULL THEN 'true'::jsonb ELSE to_jsonb(g.value_limit) END`;

/** Codes alone, and grants, of the rows `g` of a plan or an add-on with their features `f`; sorted by code. */
export const featureCodesJson = Prisma.sql`coalesce(jsonb_agg(f.code ORDER BY f.code COLLATE "C"), '[]')`;
export const grantsJson = Prisma.sql`coalesce(jsonb_agg(jsonb_build_object('feature', f.code, 'value', ${grantValue}, 'perUnit', g.is_per_unit)
         ORDER BY f.code COLLATE "C"), '[]')`;

/** Why a feature of a kind does not take a value; null where it does. */
export function grantProblem(kind: FeatureKind, { feature, value, perUnit }: FeatureGrant): string | null {
  if (kind === 'boolean') {
    return value === true && !perUnit ? null : `${feature} is there or not: it takes the value true alone.`;
  }

  return value === true ? `${feature} is a ${kind} feature: it takes a number, or "unlimited".` : null;
}

/** The columns that hold a value. */
export function grantColumns({ value, perUnit }: Pick<FeatureGrant, 'value' | 'perUnit'>) {
  return {
    valueLimit: typeof value === 'number' ? value : null,
    isUnlimited: value === 'unlimited',
    isPerUnit: typeof value === 'number' && perUnit,
  };
}
