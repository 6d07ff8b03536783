import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { expireCredit } from '../billing/account/expire-credit';
import { expireOverride } from '../entitlements/overrides/end-override';

/** What an advance has to do next; plain JSON. */
export type ClockStep =
  | { kind: 'deadline'; now: string; subscriptionIds: number[]; usageSubscriptionIds: number[]; campaignIds: number[] }
  /** Nothing is due any more up to the target: the workflows of these subscriptions are to be told how far they are. */
  | { kind: 'arrived'; now: string; subscriptionIds: number[] }
  | { kind: 'done'; now: string };

const Due = z.object({ kind: z.enum(['subscription', 'usage', 'campaign', 'account', 'override']), id: dbInteger });
const Row = z.object({ now: dbInstant, target: dbInstant.nullable(), next_at: dbInstant.nullable() });
const Moved = z.object({ id: dbInteger });

/**
 * Turns a test clock to the least deadline of its subscriptions, dunning campaigns, credit and overrides that is not after
 * the target, usage that may have come to a threshold being due at once, takes out what credit and overrides have expired, and says whose it is; at the end to the target itself (D26). A repeat answers the same until those have moved on, so an advance that
 * was lost goes on where it was. The report counts their events by type.
 * @param options.areTold false: before the clock comes to its target it says who has moved since it left
 */
export async function stepTestClock(
  tx: TenantSql,
  testClockId: number,
  realNow: Date,
  { areTold }: { areTold: boolean } = { areTold: true },
): Promise<ClockStep> {
  // Locked first: who had it before may have brought a deadline along, which one statement with the lock would not see.
  await tx.write(
    Prisma.sql`SELECT 1 FROM ordering.test_clocks WHERE company_id = ${tx.companyId}::bigint AND id = ${testClockId}::bigint FOR UPDATE`,
  );
  const [row] = await tx.query(
    Row,
    Prisma.sql`
      SELECT k.now, k.target, least(
               (SELECT min(s.next_deadline_at) FROM ordering.subscriptions s WHERE s.company_id = k.company_id AND s.test_clock_id = k.id),
               (SELECT k.now WHERE EXISTS (SELECT FROM usage.threshold_looks l JOIN ordering.subscriptions s ON s.company_id = l.company_id AND s.id = l.subscription_id
                 WHERE l.company_id = k.company_id AND s.test_clock_id = k.id AND s.status IN ('active', 'past_due'))),
               (SELECT min(g.expires_at) FROM finance.credit_grants g JOIN customer.customers c ON c.company_id = g.company_id AND c.id = g.customer_id
                 WHERE c.company_id = k.company_id AND c.test_clock_id = k.id AND g.remaining > 0),
               (SELECT min(o.valid_until) FROM ordering.entitlement_overrides o JOIN customer.customers c ON c.company_id = o.company_id AND c.id = o.customer_id
                 WHERE c.company_id = k.company_id AND c.test_clock_id = k.id AND o.ended_at IS NULL),
               (SELECT min(g.next_look_at) FROM finance.dunning_campaigns g WHERE g.company_id = k.company_id AND g.test_clock_id = k.id)) AS next_at
        FROM ordering.test_clocks k WHERE k.company_id = ${tx.companyId}::bigint AND k.id = ${testClockId}::bigint`,
  );

  if (row === undefined || row.target === null) {
    return { kind: 'done', now: (row?.now ?? realNow).toISOString() };
  }

  if (row.next_at === null || row.next_at > row.target) {
    const subscriptionIds = areTold ? [] : await findMoved(tx, testClockId);

    if (subscriptionIds.length > 0) {
      return { kind: 'arrived', now: row.now.toISOString(), subscriptionIds };
    }
    await tx.write(Prisma.sql`
        UPDATE ordering.test_clocks k
           SET now = target, target = NULL, status = 'ready', updated_at = ${realNow}::timestamptz,
               report = report || jsonb_build_object('events', (
                 SELECT coalesce(jsonb_object_agg(t.type, t.times), '{}') FROM (
                   SELECT e.type, count(*) AS times FROM (
                     SELECT 'subscription/' || s.id AS subject FROM ordering.subscriptions s
                      WHERE s.company_id = k.company_id AND s.test_clock_id = k.id
                     UNION ALL
                     SELECT 'dunning/' || g.id FROM finance.dunning_campaigns g WHERE g.company_id = k.company_id AND g.test_clock_id = k.id) o
                     JOIN platform.events e ON e.company_id = k.company_id AND e.subject = o.subject
                    WHERE e.occurred_at > (k.report ->> 'from')::timestamptz AND e.occurred_at <= k.target
                    GROUP BY e.type) t))
         WHERE k.company_id = ${tx.companyId}::bigint AND k.id = ${testClockId}::bigint`);

    return { kind: 'done', now: row.target.toISOString() };
  }
  const now = row.next_at > row.now ? row.next_at : row.now;
  const due = await tx.query(
    Due,
    Prisma.sql`
      WITH turned AS (
        UPDATE ordering.test_clocks SET now = ${now}::timestamptz, steps = steps + 1, updated_at = ${realNow}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND id = ${testClockId}::bigint RETURNING id)
      SELECT 'subscription' AS kind, s.id FROM ordering.subscriptions s
       WHERE s.company_id = ${tx.companyId}::bigint AND s.test_clock_id = ${testClockId}::bigint AND s.next_deadline_at <= ${now}::timestamptz
      UNION ALL
      SELECT 'usage', l.subscription_id FROM usage.threshold_looks l JOIN ordering.subscriptions s ON s.company_id = l.company_id AND s.id = l.subscription_id
       WHERE l.company_id = ${tx.companyId}::bigint AND s.test_clock_id = ${testClockId}::bigint AND s.status IN ('active', 'past_due')
       GROUP BY l.subscription_id
      UNION ALL
      SELECT 'campaign', g.id FROM finance.dunning_campaigns g
       WHERE g.company_id = ${tx.companyId}::bigint AND g.test_clock_id = ${testClockId}::bigint AND g.next_look_at <= ${now}::timestamptz
      UNION ALL
      SELECT 'account', g.billing_account_id FROM finance.credit_grants g JOIN customer.customers c ON c.company_id = g.company_id AND c.id = g.customer_id
       WHERE c.company_id = ${tx.companyId}::bigint AND c.test_clock_id = ${testClockId}::bigint AND g.remaining > 0 AND g.expires_at <= ${now}::timestamptz
       GROUP BY g.billing_account_id
      UNION ALL
      SELECT 'override', o.id FROM ordering.entitlement_overrides o JOIN customer.customers c ON c.company_id = o.company_id AND c.id = o.customer_id
       WHERE c.company_id = ${tx.companyId}::bigint AND c.test_clock_id = ${testClockId}::bigint AND o.ended_at IS NULL AND o.valid_until <= ${now}::timestamptz
       ORDER BY 2`,
  );
  const idsOf = (kind: z.output<typeof Due>['kind']) => due.filter((one) => one.kind === kind).map(({ id }) => id);

  // In the same transaction: credit that is over pays for nothing that the subscriptions do at this instant.
  for (const billingAccountId of idsOf('account')) {
    await expireCredit(tx, { billingAccountId, now });
  }

  for (const id of idsOf('override')) {
    await expireOverride(tx, id, now);
  }

  return {
    kind: 'deadline',
    now: now.toISOString(),
    subscriptionIds: idsOf('subscription'),
    usageSubscriptionIds: idsOf('usage'),
    campaignIds: idsOf('campaign'),
  };
}

/** Whatever a step writes of a subscription, it writes with the time of its clock. */
async function findMoved(tx: TenantSql, testClockId: number): Promise<number[]> {
  const moved = await tx.query(
    Moved,
    Prisma.sql`
      SELECT s.id FROM ordering.subscriptions s JOIN ordering.test_clocks k ON k.company_id = s.company_id AND k.id = s.test_clock_id
       WHERE s.company_id = ${tx.companyId}::bigint AND s.test_clock_id = ${testClockId}::bigint AND s.updated_at >= (k.report ->> 'from')::timestamptz
       ORDER BY s.id`,
  );

  return moved.map(({ id }) => id);
}
