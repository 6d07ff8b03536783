import { z } from 'zod';

import { dbInteger, dbShownSum, toShownSum } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { ofPriced } from '../../catalogue/price-versions/price-version-row';
import { taxBehaviors } from '../../money/tax-behavior-types';
import { requireProrated } from '../commands/price-change-decider';
import { type PriceMoveRequest, readMovePrices, selectToMove } from './select-subscribers';

const sampleSize = 10;

const Group = z.object({
  amount: dbInteger,
  billingCycle: z.string(),
  taxBehavior: z.enum(taxBehaviors),
  priceId: dbInteger.nullable(),
  version: z.number().nullable(),
  subscriptions: z.number(),
  revenueBefore: dbShownSum,
  revenueAfter: dbShownSum,
});
const Sample = z.object({
  subscriptionId: dbInteger,
  customerId: dbInteger,
  status: z.string(),
  quantity: z.number(),
  amountBefore: dbShownSum,
  amountAfter: dbShownSum,
});

/** What a price move would do; amounts in minor units, revenue for one period of each subscription, all seats, as the price has it. */
export interface PriceMovePreview {
  /** One of the two. */
  planId: number | null;
  addonId: number | null;
  priceId: number;
  currency: string;
  subscriptions: number;
  revenueBefore: number;
  revenueAfter: number;
  /** By the price agreed on, cheapest first; `priceId` and `version`: the latest of these terms, null where there is none. */
  prices: z.output<typeof Group>[];
  /** The first few, oldest first. */
  sample: z.output<typeof Sample>[];
}

/**
 * Reads alone.
 * @throws AppError validation_failed on /prorationBehavior or /priceId; not_found on /priceId or /fromPriceIds/<index>; currency_mismatch on the latter
 */
export async function previewPriceMove(tx: TenantSql, request: PriceMoveRequest): Promise<PriceMovePreview> {
  requireProrated(request);
  const prices = await readMovePrices(tx, request);
  const { to } = prices;
  const { of } = request;
  const toMove = selectToMove(tx.companyId, of, prices);
  const groups = await tx.query(
    Group,
    Prisma.sql`
      SELECT g.amount, g.billing_cycle AS "billingCycle", g.tax_behavior AS "taxBehavior", v.id AS "priceId", v.version, g.subscriptions,
             (g.seats * g.amount)::text AS "revenueBefore",
             (g.seats * ${to.price}::bigint)::text AS "revenueAfter"
        FROM (SELECT s.amount, s.billing_cycle, s.tax_behavior, count(*)::int AS subscriptions, sum(s.quantity)::numeric AS seats
                FROM (${toMove}) s GROUP BY s.amount, s.billing_cycle, s.tax_behavior) g
        LEFT JOIN LATERAL (
          SELECT p.id, p.version FROM product.price_versions p
           WHERE p.company_id = ${tx.companyId}::bigint AND ${ofPriced(of, 'p')} AND p.price = g.amount
             AND p.billing_cycle = g.billing_cycle AND coalesce(p.tax_behavior, g.tax_behavior) = g.tax_behavior AND p.currency = ${to.currency}
           ORDER BY p.version DESC LIMIT 1) v ON true
       ORDER BY g.amount, g.billing_cycle, g.tax_behavior`,
  );
  const sample = await tx.query(
    Sample,
    Prisma.sql`
      SELECT s.id AS "subscriptionId", s.customer_id AS "customerId", s.status, s.quantity,
             (s.amount::numeric * s.quantity)::text AS "amountBefore", (${to.price}::numeric * s.quantity)::text AS "amountAfter"
        FROM (${toMove}) s ORDER BY s.id LIMIT ${sampleSize}`,
  );
  const sum = (of: (group: z.output<typeof Group>) => number) =>
    toShownSum(groups.reduce((total, group) => total + BigInt(of(group)), 0n));

  return {
    planId: 'planId' in of ? of.planId : null,
    addonId: 'planId' in of ? null : of.addonId,
    priceId: to.id,
    currency: to.currency,
    subscriptions: sum((group) => group.subscriptions),
    revenueBefore: sum((group) => group.revenueBefore),
    revenueAfter: sum((group) => group.revenueAfter),
    prices: groups,
    sample,
  };
}
