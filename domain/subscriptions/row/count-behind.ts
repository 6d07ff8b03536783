import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/** How many subscriptions have a deadline that passed before then and is not done. Those on test clocks wait for theirs. */
export async function countBehind(tx: TenantSql, before: Date): Promise<number> {
  const [row] = await tx.query(
    z.object({ count: dbInteger }),
    Prisma.sql`SELECT count(*) AS count FROM ordering.subscriptions
                WHERE company_id = ${tx.companyId}::bigint AND test_clock_id IS NULL AND next_deadline_at < ${before}`,
  );

  return row?.count ?? 0;
}
