import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { taxBehaviors } from '../../money/tax-behavior-types';
import type { PriceModel } from '../../billing/pricing/price-model-types';

const Row = z.object({
  item: z.string(),
  meterId: dbInteger,
  meterName: z.string(),
  priceId: dbInteger,
  planId: dbInteger.nullable(),
  addonId: dbInteger.nullable(),
  price: z.custom<PriceModel>(),
  taxBehavior: z.enum(taxBehaviors).optional(),
  startsAt: dbInstant,
  endsAt: dbInstant,
  billedAmount: dbInteger,
});

/** What is billed of a meter's usage over a stretch of an item's service; minor units, as its price has it. */
export type MeteredPeriodRow = z.output<typeof Row>;

const select = Prisma.sql`
  SELECT p.item, p.meter_id AS "meterId", m.name AS "meterName", p.meter_price_id AS "priceId", r.plan_id AS "planId", r.addon_id AS "addonId", r.price, r.tax_behavior AS "taxBehavior", p.starts_at AS "startsAt",
         p.ends_at AS "endsAt", p.billed_amount AS "billedAmount"
    FROM usage.metered_periods p
    JOIN usage.meters m ON m.company_id = p.company_id AND m.id = p.meter_id
    JOIN usage.meter_prices r ON r.company_id = p.company_id AND r.id = p.meter_price_id`;

/** Of a subscription, those that are not over: billed early, in part. */
export function readOpenPeriods(tx: TenantSql, subscriptionId: number): Promise<MeteredPeriodRow[]> {
  return tx.query(
    Row,
    Prisma.sql`${select} WHERE p.company_id = ${tx.companyId}::bigint AND p.subscription_id = ${subscriptionId}::bigint AND NOT p.is_closed`,
  );
}

/**
 * Of a subscription, the periods that are over and may have usage that nobody has billed. An event comes within the hour after
 * it happened, or is in the index of those that came later: so the latest periods are looked at again each time, and one of
 * before where something came when it was over. Where the customer has topped up its meter, also what came late to an earlier
 * time counts: it drew on units that the period was covered by.
 */
export function readPeriodsWithLateUsage(tx: TenantSql, subscriptionId: number): Promise<MeteredPeriodRow[]> {
  return tx.query(
    Row,
    Prisma.sql`${select}
      WHERE p.company_id = ${tx.companyId}::bigint AND p.subscription_id = ${subscriptionId}::bigint AND p.is_closed
        AND (p.ends_at >= (SELECT max(l.ends_at) FROM usage.metered_periods l
                            WHERE l.company_id = p.company_id AND l.subscription_id = p.subscription_id AND l.is_closed) - interval '2 hours'
          OR EXISTS (SELECT FROM usage.events e WHERE e.company_id = p.company_id AND e.customer_id = p.customer_id
                        AND e.recorded_at >= p.ends_at AND e.recorded_at - e.occurred_at > interval '1 hour'
                        AND e.occurred_at < p.ends_at
                        AND (e.occurred_at >= p.starts_at OR EXISTS (
                              SELECT FROM ordering.user_addons u WHERE u.company_id = p.company_id AND u.customer_id = p.customer_id
                                 AND u.prepaid_meter_id = p.meter_id AND u.activated_at < p.ends_at))))
      ORDER BY p.starts_at, p.id`,
  );
}

export interface BilledPeriod {
  readonly item: string;
  readonly meterId: number;
  readonly priceId: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly isClosed: boolean;
  readonly billedAmount: number;
}

/** Enters how much is billed now. Its subscription is locked. */
export async function saveMeteredPeriods(
  tx: TenantSql,
  { subscriptionId, customerId, now }: { subscriptionId: number; customerId: number; now: Date },
  periods: readonly BilledPeriod[],
): Promise<void> {
  await tx.write(Prisma.sql`
      INSERT INTO usage.metered_periods AS p (company_id, subscription_id, customer_id, item, meter_id, meter_price_id, starts_at, ends_at,
        is_closed, billed_amount, created_at, updated_at)
      SELECT ${tx.companyId}::bigint, ${subscriptionId}::bigint, ${customerId}::bigint, x.item, x."meterId", x."priceId", x."startsAt",
             x."endsAt", x."isClosed", x."billedAmount", ${now}::timestamptz, ${now}::timestamptz
        FROM jsonb_to_recordset(${JSON.stringify(periods)}::jsonb) AS x(item text, "meterId" bigint, "priceId" bigint,
             "startsAt" timestamptz, "endsAt" timestamptz, "isClosed" boolean, "billedAmount" bigint)
      ON CONFLICT (company_id, subscription_id, item, meter_id, starts_at) DO UPDATE SET
        meter_price_id = excluded.meter_price_id, ends_at = excluded.ends_at, is_closed = excluded.is_closed, billed_amount = excluded.billed_amount, updated_at = excluded.updated_at`);
}
