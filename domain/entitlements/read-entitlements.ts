import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';

const Grant = z.object({
  source: z.enum(['plan', 'addon']),
  subscriptionId: z.number(),
  planId: z.number().nullable(),
  addonId: z.number().nullable(),
  quantity: z.number(),
  /** null: goes on until something ends it. */
  validUntil: z.string().nullable(),
});
const Feature = z.object({ code: z.string(), name: z.string(), grants: z.array(Grant).nullable() });
const Row = z.object({ time_zone: z.string(), features: z.array(Feature).nullable() });

export type EntitlementGrant = z.output<typeof Grant>;

/** A feature that a customer has, and what gives it. */
export interface Entitlement {
  code: string;
  name: string;
  grants: EntitlementGrant[];
}

/**
 * Features that a customer may use at this instant, by one statement over what the customer has: nothing is copied, so nothing
 * can be stale. A plan counts from its first payment (D17), during its trial, and from its start where it is billed in arrears; a free tier at once; an add-on from its
 * payment; neither while service is paused, nor beyond what it is known to end at. An upgrade that is not paid yet leaves the
 * features of the free tier. A customer on a test clock lives at its time (D26).
 * @param options.code one feature alone
 * @throws AppError not_found for a customer, and for a code that no feature has: that is never “not entitled”
 */
export async function readEntitlements(
  tx: TenantSql,
  { customerId, code, now }: { customerId: number; code: string | null; now: Date },
): Promise<{ entitlements: Entitlement[]; timeZone: string }> {
  const rows = await tx.query(
    Row,
    Prisma.sql`
      WITH customer AS (
        SELECT u.id, a.time_zone, coalesce(k.now, ${now}::timestamptz) AS now
          FROM customer.customers u
          JOIN finance.billing_accounts a ON a.company_id = u.company_id AND a.customer_id = u.id
          LEFT JOIN ordering.test_clocks k ON k.company_id = u.company_id AND k.id = u.test_clock_id
         WHERE u.company_id = ${tx.companyId}::bigint AND u.id = ${customerId}::bigint
      ), held AS (
        SELECT s.id, s.quantity, s.status, s.activated_at, c.now,
               CASE WHEN s.activated_at IS NULL AND s.status <> 'trial' AND s.billing_timing = 'in_advance' THEN first.free_plan ELSE s.plan_id END AS plan_id,
               least(s.ends_at, CASE
                 WHEN s.status = 'trial' THEN s.trial_end
                 WHEN jsonb_path_exists(s.waiting_changes, '$[*] ? ((@.kind == "cancel" || @.kind == "pause") && @.takesEffect.on == "period_end")')
                 THEN s.current_period_end END) AS until
          FROM customer c
          JOIN ordering.subscriptions s ON s.company_id = ${tx.companyId}::bigint AND s.customer_id = c.id AND s.status IN ('trial', 'active', 'past_due')
          LEFT JOIN LATERAL (
            SELECT (r -> 'fallback' -> 'terms' ->> 'planId')::bigint AS free_plan
              FROM jsonb_array_elements(s.invoice_roles) r WHERE r ->> 'role' = 'first') first ON true
      ), grants AS (
        SELECT p.feature_id, 'plan' AS source, h.id AS subscription_id, h.plan_id, NULL::bigint AS addon_id, h.quantity, h.until
          FROM held h JOIN product.plan_features p ON p.company_id = ${tx.companyId}::bigint AND p.plan_id = h.plan_id
         WHERE h.until IS NULL OR h.until > h.now
        UNION ALL
        SELECT f.id, 'addon', h.id, NULL, u.addon_id, u.quantity, u.expires_at
          FROM held h
          JOIN ordering.user_addons u ON u.company_id = ${tx.companyId}::bigint AND u.subscription_id = h.id AND u.status = 'active'
          JOIN product.addons a ON a.company_id = u.company_id AND a.id = u.addon_id
          JOIN product.features f ON f.company_id = a.company_id AND a.features ? f.code
         WHERE u.expires_at IS NULL OR u.expires_at > h.now
      )
      SELECT c.time_zone, (
        SELECT jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'grants', g.grants) ORDER BY f.code)
          FROM product.features f
          LEFT JOIN (
            SELECT x.feature_id, jsonb_agg(jsonb_build_object('source', x.source, 'subscriptionId', x.subscription_id, 'planId', x.plan_id,
                     'addonId', x.addon_id, 'quantity', x.quantity, 'validUntil', x.until) ORDER BY x.subscription_id, x.source DESC, x.addon_id) AS grants
              FROM grants x GROUP BY x.feature_id) g ON g.feature_id = f.id
         WHERE f.company_id = ${tx.companyId}::bigint AND CASE WHEN ${code}::text IS NULL THEN g.grants IS NOT NULL ELSE f.code = ${code} END) AS features
        FROM customer c`,
  );
  const [row] = rows;

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }

  if (code !== null && row.features === null) {
    throw new AppError('feature_not_found', { detail: `There is no feature ${code}.`, field: 'code' });
  }

  return {
    timeZone: row.time_zone,
    entitlements: (row.features ?? []).map(({ grants, ...feature }) => ({ ...feature, grants: grants ?? [] })),
  };
}

/** When the last of the grants ends; null: not known to, or there is none. */
export function validUntilOf(grants: readonly EntitlementGrant[]): string | null {
  const ends = grants.map(({ validUntil }) => validUntil);

  return ends.reduce((latest, at) => (latest === null || at === null ? null : later(latest, at)), ends[0] ?? null);
}

const later = (one: string, other: string) => (Date.parse(other) > Date.parse(one) ? other : one);
