import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/** How many subscriptions of real time have a deadline at the same instant, and an id before this one's. */
export async function countAhead(
  tx: TenantSql,
  { subscriptionId, at }: { subscriptionId: number; at: number },
): Promise<number> {
  const [row] = await tx.query(
    z.object({ count: dbInteger }),
    Prisma.sql`SELECT count(*) AS count FROM ordering.subscriptions
                WHERE company_id = ${tx.companyId}::bigint AND test_clock_id IS NULL
                  AND next_deadline_at = ${new Date(at).toISOString()}::timestamptz AND id < ${subscriptionId}::bigint`,
  );

  return row?.count ?? 0;
}
