import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type SystemConnection, type TenantSql } from '../../../platform/db/database';

/** A subscription whose usage is to be compared with its threshold. */
export interface ThresholdLook {
  companyId: number;
  subscriptionId: number;
}

/** Notes, as an expression of the statement that records usage, that these are to be looked at; a row each, waiting for nobody. */
export const noteLooks = (companyId: number, subscriptionIds: readonly number[]): Prisma.Sql => Prisma.sql`
  INSERT INTO usage.threshold_looks (company_id, subscription_id)
  SELECT ${companyId}::bigint, w.id FROM unnest(${[...subscriptionIds]}::bigint[]) AS w(id) RETURNING id`;

/** The same by itself. */
export async function askForLook(tx: TenantSql, subscriptionId: number): Promise<void> {
  await tx.write(noteLooks(tx.companyId, [subscriptionId]));
}

/** The same for all that have the threshold of their company, whatever they have used by now. */
export async function askForLooksOfCompany(tx: TenantSql): Promise<void> {
  await tx.write(Prisma.sql`
      INSERT INTO usage.threshold_looks (company_id, subscription_id)
      SELECT s.company_id, s.id FROM ordering.subscriptions s
       WHERE s.company_id = ${tx.companyId}::bigint AND s.is_metered AND s.status IN ('active', 'past_due') AND s.usage_threshold IS NULL
         AND coalesce(${companyThreshold(tx.companyId)}, 0) > 0`);
}

/**
 * Takes all that is noted of a subscription: whoever does looks at its usage afterwards, in the same transaction. What is
 * recorded meanwhile is noted again, and stays.
 */
export async function takeLooks(tx: TenantSql, subscriptionId: number): Promise<void> {
  await tx.write(
    Prisma.sql`DELETE FROM usage.threshold_looks WHERE company_id = ${tx.companyId}::bigint AND subscription_id = ${subscriptionId}::bigint`,
  );
}

/** Of all companies, what was noted first before the others; each subscription once. */
export async function listLooks(system: SystemConnection, { limit }: { limit: number }): Promise<ThresholdLook[]> {
  const rows = await system.query(
    z.object({ company_id: dbInteger, id: dbInteger }),
    Prisma.sql`SELECT company_id, id FROM system.threshold_looks(${limit}::int)`,
  );

  return rows.map(({ company_id: companyId, id: subscriptionId }) => ({ companyId, subscriptionId }));
}

/** The currencies' amounts of the setting usageThresholds, of the company of a row `s` of subscriptions. */
const companyThreshold = (companyId: number): Prisma.Sql => Prisma.sql`
  ((SELECT g.values -> 'usageThresholds' FROM platform.company_settings g WHERE g.company_id = ${companyId}::bigint) ->> s.currency)::bigint`;

/** JSON of the subscriptions of a customer `c` that have a threshold, for a statement about the customer; null: none has. */
export const watchedSubscriptionsJson = (companyId: number): Prisma.Sql => Prisma.sql`(
  SELECT jsonb_agg(s.id) FROM ordering.subscriptions s
   WHERE s.company_id = c.company_id AND s.customer_id = c.id AND s.is_metered AND s.status IN ('active', 'past_due')
     AND coalesce(s.usage_threshold, ${companyThreshold(companyId)}, 0) > 0)`;
