import type { Pool } from 'pg';

import { createFeature } from '../../../domain/catalogue/features/create-feature';
import type { FeatureGrant } from '../../../domain/catalogue/features/feature-grant';
import type { TenantTransaction } from '../../../platform/db/database';
import { type AddonName, type PlanName, plans } from './life';

/** What plans and add-ons give, so that one look at what a customer has says which of them give it, and how often. */

/** Of the plan: the place of it among all, from 1 on. */
export const tierOf = (plan: string): number => Object.keys(plans).indexOf(plan) + 1;

/** Of each add-on: a digit of its own. */
export const extraOf = {
  storage: 1,
  odd: 100,
  backup: 10_000,
  setup: 1_000_000,
  course: 100_000_000,
  line: 10_000_000_000,
} satisfies Record<AddonName, number>;

/** Calls in each period. */
export const callsOf: Partial<Record<PlanName, number>> = { '90K and calls': 500 };

const grant = (feature: string, value: FeatureGrant['value'], perUnit = false): FeatureGrant => ({
  feature,
  value,
  perUnit,
});

export const grantsOfPlan = (plan: string): FeatureGrant[] => [
  grant('tier', tierOf(plan)),
  grant('seats', 1, true),
  ...(plan === 'free' ? [] : [grant('support', true)]),
];

export const grantsOfAddon = (key: AddonName): FeatureGrant[] => [
  grant('extras', extraOf[key], true),
  ...(key === 'storage' ? [grant('support', true)] : []),
];

/** In the company that those of the lives are copies of. */
export async function offerFeatures(tx: TenantTransaction, now: Date): Promise<void> {
  await createFeature(tx, { feature: { code: 'support', name: 'Support' }, now });

  for (const code of ['tier', 'seats', 'extras']) {
    await createFeature(tx, { feature: { code, name: code, kind: 'limit' }, now });
  }
}

/** After its plans and add-ons. */
export async function copyFeatures(owner: Pool, { from, to }: { from: number; to: number }): Promise<void> {
  const rowsOf = (table: string, of: string, name: string) => `
    INSERT INTO product.${of}_features SELECT (jsonb_populate_record(x, jsonb_build_object('company_id', $2::bigint, '${of}_id', n.id, 'feature_id', f.id))).*
      FROM product.${of}_features x JOIN product.${table} o ON o.company_id = x.company_id AND o.id = x.${of}_id
      JOIN product.${table} n ON n.company_id = $2 AND n.${name} = o.${name}
      JOIN product.features g ON g.company_id = x.company_id AND g.id = x.feature_id
      JOIN feature f ON f.code = g.code
     WHERE x.company_id = $1 RETURNING 1`;

  await owner.query({
    name: 'copy-features',
    text: `WITH feature AS (
             INSERT INTO product.features SELECT (jsonb_populate_record(f, jsonb_build_object('company_id', $2::bigint,
                    'id', nextval(pg_get_serial_sequence('product.features', 'id'))))).*
               FROM product.features f WHERE f.company_id = $1 RETURNING code, id),
           of_plans AS (${rowsOf('plans', 'plan', 'name')}),
           of_addons AS (${rowsOf('addons', 'addon', 'addon_key')})
           SELECT 1`,
    values: [from, to],
  });
}
