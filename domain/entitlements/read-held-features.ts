import { z } from 'zod';

import { Prisma, type TenantSql } from '../../platform/db/database';
import { dbInstant } from '../../platform/db/columns';
import { epochMs } from '../../platform/db/epoch-ms';
import { grantValue } from '../catalogue/features/feature-grant';
import { defaultSettings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import { isGivenBack } from '../billing/service-guard/given-back-service';
import { HeldFeature } from './entitlement-types';

const Row = z.object({ time_zone: z.string(), now: dbInstant, features: z.array(HeldFeature).nullable() });

export interface HeldFeatures {
  features: HeldFeature[];
  timeZone: string;
  /** Of the customer's clock (D26). */
  now: Date;
}

/** A subscription whose first invoice is not paid has nothing of its plan yet (D17), where the company does not say otherwise. */
const isUnpaid = Prisma.sql`(NOT c.is_early AND s.activated_at IS NULL AND s.status <> 'trial' AND s.billing_timing = 'in_advance')`;

/**
 * What gives features to a customer at this instant, by one statement over what the customer has: nothing is copied, so
 * nothing can be stale. A plan counts from its first payment (D17, setting accessBeforeFirstPayment), during its trial, and
 * from its start where it is billed in arrears; a free tier at once; an add-on from its payment, one that is bought with its plan as the plan does; neither while service is
 * paused, nor beyond what it is known to end at. An upgrade that is not paid yet leaves the features of the free tier. While
 * an invoice is in dunning, access stays (D23), where the setting dunningKeepsAccess does not say otherwise. What is refunded
 * as a whole gives nothing up to its next period, where the setting refundKeepsAccess does not say otherwise. A customer on a
 * test clock lives at its time (D26). An override holds in place of all that; its periods are those of the customer's first
 * subscription, else months from its start. Units of a metered feature's meter that were bought ahead give it as well, while
 * there are any that have not expired, and whose money was not refunded as a whole.
 * @param options.code one feature alone, also when nothing gives it
 * @throws AppError not_found for a customer, and for a code that no feature has: that is never “not entitled”
 */
export async function readHeldFeatures(
  tx: TenantSql,
  { customerId, code, now }: { customerId: number; code: string | null; now: Date },
): Promise<HeldFeatures> {
  const held = { subscriptionId: Prisma.sql`h.id`, at: Prisma.sql`h.now` };
  const ofPlan = isGivenBack(tx.companyId, { ...held, item: Prisma.sql`'plan'`, isOnce: Prisma.sql`false` });
  const ofAddon = isGivenBack(tx.companyId, {
    ...held,
    item: Prisma.sql`'addon/' || u.id`,
    isOnce: Prisma.sql`u.billing_period = 'one_time'`,
  });
  const ofTopUp = isGivenBack(tx.companyId, {
    subscriptionId: Prisma.sql`u.subscription_id`,
    at: Prisma.sql`c.now`,
    item: Prisma.sql`'addon/' || u.id`,
    isOnce: Prisma.sql`true`,
  });
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      WITH customer AS (
        SELECT u.id, a.time_zone, coalesce(k.now, ${now}::timestamptz) AS now,
               coalesce((g.values ->> 'accessBeforeFirstPayment')::boolean, ${defaultSettings.accessBeforeFirstPayment}::boolean) AS is_early,
               coalesce((g.values ->> 'dunningKeepsAccess')::boolean, ${defaultSettings.dunningKeepsAccess}::boolean) AS keeps_access,
               coalesce((g.values ->> 'refundKeepsAccess')::boolean, ${defaultSettings.refundKeepsAccess}::boolean) AS keeps_refunded
          FROM customer.customers u
          JOIN finance.billing_accounts a ON a.company_id = u.company_id AND a.customer_id = u.id
          LEFT JOIN ordering.test_clocks k ON k.company_id = u.company_id AND k.id = u.test_clock_id
          LEFT JOIN platform.company_settings g ON g.company_id = u.company_id
         WHERE u.company_id = ${tx.companyId}::bigint AND u.id = ${customerId}::bigint
      ), held AS (
        SELECT s.id, c.now, c.is_early, c.keeps_access, c.keeps_refunded,
               CASE WHEN ${isUnpaid} THEN (first.free ->> 'planId')::bigint ELSE s.plan_id END AS plan_id,
               CASE WHEN ${isUnpaid} THEN coalesce(first.quantity, s.quantity) ELSE s.quantity END AS quantity,
               jsonb_build_object('timeZone', s.time_zone,
                 'billingCycle', CASE WHEN ${isUnpaid} THEN coalesce(first.free ->> 'billingCycle', s.billing_cycle) ELSE s.billing_cycle END,
                 'anchorAt', ${epochMs('coalesce(s.anchor_at, s.activated_at, s.created_at)')}, 'anchorDay', s.anchor_day,
                 'startsAt', CASE WHEN s.status = 'trial' THEN ${epochMs('s.trial_start')} WHEN NOT ${isUnpaid} THEN ${epochMs('s.current_period_start')} END,
                 'endsAt', CASE WHEN s.status = 'trial' THEN ${epochMs('s.trial_end')} WHEN NOT ${isUnpaid} THEN ${epochMs('s.current_period_end')} END) AS periods,
               least(s.ends_at, CASE
                 WHEN s.status = 'trial' THEN s.trial_end
                 WHEN jsonb_path_exists(s.waiting_changes, '$[*] ? ((@.kind == "cancel" || @.kind == "pause") && @.takesEffect.on == "period_end")')
                 THEN s.current_period_end END) AS until
          FROM customer c
          JOIN ordering.subscriptions s ON s.company_id = ${tx.companyId}::bigint AND s.customer_id = c.id
           AND (s.status IN ('trial', 'active') OR s.status = 'past_due' AND c.keeps_access)
          LEFT JOIN LATERAL (
            SELECT r -> 'fallback' -> 'terms' AS free, (r -> 'fallback' ->> 'quantity')::int AS quantity
              FROM jsonb_array_elements(s.invoice_roles) r WHERE r ->> 'role' = 'first') first ON true
      ), grants AS (
        SELECT g.feature_id, 'plan' AS source, h.id AS subscription_id, h.plan_id, NULL::bigint AS addon_id, h.quantity,
               ${grantValue} AS value, g.is_per_unit, h.until, h.periods
          FROM held h JOIN product.plan_features g ON g.company_id = ${tx.companyId}::bigint AND g.plan_id = h.plan_id
         WHERE (h.until IS NULL OR h.until > h.now) AND (h.keeps_refunded OR NOT ${ofPlan})
        UNION ALL
        SELECT g.feature_id, 'addon', h.id, NULL, u.addon_id, u.quantity, ${grantValue}, g.is_per_unit, x.until, h.periods
          FROM held h
          JOIN ordering.user_addons u ON u.company_id = ${tx.companyId}::bigint AND u.subscription_id = h.id
           AND (u.status = 'active' OR u.status = 'pending' AND h.is_early)
          CROSS JOIN LATERAL (SELECT CASE WHEN u.awaits_plan THEN h.until ELSE u.expires_at END AS until) x
          JOIN product.addon_features g ON g.company_id = u.company_id AND g.addon_id = u.addon_id
         WHERE (x.until IS NULL OR x.until > h.now) AND (h.keeps_refunded OR NOT ${ofAddon})
           AND (h.keeps_access OR NOT EXISTS (
                 SELECT FROM finance.dunning_runs d JOIN finance.invoice_lines l ON l.company_id = d.company_id AND l.invoice_id = d.invoice_id
                  WHERE d.company_id = u.company_id AND d.subscription_id = h.id AND d.status = 'active' AND l.item IN ('addon/' || u.id, 'addon/' || u.id || '/setup')))
      )
      SELECT c.time_zone, c.now, (
        SELECT jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'kind', f.kind, 'unit', f.unit, 'meterId', f.meter_id,
                 'override', CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('id', o.id, 'effect', o.effect, 'validUntil', o.valid_until) END,
                 'isToppedUp', t.is_topped_up, 'grants', CASE o.effect WHEN 'deny' THEN NULL WHEN 'grant' THEN o.grants ELSE g.grants END) ORDER BY f.code COLLATE "C")
          FROM product.features f
          LEFT JOIN (
            SELECT x.feature_id, jsonb_agg(jsonb_build_object('source', x.source, 'subscriptionId', x.subscription_id, 'planId', x.plan_id,
                     'addonId', x.addon_id, 'overrideId', NULL, 'quantity', x.quantity, 'value', x.value, 'perUnit', x.is_per_unit, 'validUntil', x.until,
                     'periods', x.periods) ORDER BY x.subscription_id, x.source DESC, x.addon_id) AS grants
              FROM grants x GROUP BY x.feature_id) g ON g.feature_id = f.id
          LEFT JOIN (
            SELECT g.feature_id, g.id, g.effect, g.valid_until, jsonb_build_array(jsonb_build_object('source', 'override', 'subscriptionId', NULL,
                     'planId', NULL, 'addonId', NULL, 'overrideId', g.id, 'quantity', 1, 'value', ${grantValue}, 'perUnit', false,
                     'validUntil', g.valid_until, 'periods', coalesce((SELECT h.periods FROM held h ORDER BY h.id LIMIT 1),
                       jsonb_build_object('timeZone', c.time_zone, 'billingCycle', 'monthly', 'anchorAt', ${epochMs('g.created_at')},
                         'anchorDay', NULL, 'startsAt', NULL, 'endsAt', NULL)))) AS grants
              FROM ordering.entitlement_overrides g
             WHERE g.company_id = ${tx.companyId}::bigint AND g.customer_id = ${customerId}::bigint AND g.ended_at IS NULL
               AND (g.valid_until IS NULL OR g.valid_until > c.now)) o ON o.feature_id = f.id
         CROSS JOIN LATERAL (
           SELECT f.meter_id IS NOT NULL AND o.id IS NULL AND EXISTS (
                    SELECT FROM ordering.user_addons u
                     WHERE u.company_id = ${tx.companyId}::bigint AND u.customer_id = ${customerId}::bigint AND u.prepaid_meter_id = f.meter_id
                       AND u.activated_at IS NOT NULL AND u.ended_at IS NULL AND u.subscription_id IN (SELECT h.id FROM held h)
                       AND (u.prepaid_days IS NULL OR u.activated_at + u.prepaid_days * interval '24 hours' > c.now)
                       AND (c.keeps_refunded OR NOT ${ofTopUp})) AS is_topped_up) t
         WHERE f.company_id = ${tx.companyId}::bigint AND CASE WHEN ${code}::text IS NULL THEN (g.grants IS NOT NULL OR t.is_topped_up) AND o.id IS NULL OR o.effect = 'grant' ELSE f.code = ${code} END) AS features
        FROM customer c`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such customer.' });
  }

  if (code !== null && row.features === null) {
    throw new AppError('feature_not_found', { detail: `There is no feature ${code}.`, field: 'code' });
  }

  return { features: row.features ?? [], timeZone: row.time_zone, now: row.now };
}
