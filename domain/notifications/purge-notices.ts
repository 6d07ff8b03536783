import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { type Database, Prisma } from '../../platform/db/database';
import { sumOverCompanies } from '../companies/sum-over-companies';

const Deleted = z.object({ count: dbInteger });

/**
 * Deletes the notices of all companies that were sent or skipped before an instant of machine time. What failed stays,
 * because nobody was told; what is pending stays, because it is still to be sent.
 * @param options.batch notices deleted in one transaction, so that none is long
 * @returns how many
 */
export function purgeNotices(
  database: Database,
  { before, batch = 1_000 }: { before: Date; batch?: number },
): Promise<number> {
  return sumOverCompanies(database, (companyId) => purgeCompany(database, companyId, { before, batch }));
}

async function purgeCompany(
  database: Database,
  companyId: number,
  { before, batch }: { before: Date; batch: number },
): Promise<number> {
  for (let purged = 0; ;) {
    const [row] = await database.eachAlone(companyId).query(
      Deleted,
      Prisma.sql`
        WITH gone AS (
          DELETE FROM platform.notices WHERE id = ANY (ARRAY (
            SELECT n.id FROM platform.notices n
             WHERE n.company_id = ${companyId}::bigint AND n.status IN ('sent', 'skipped')
               AND coalesce(n.sent_at, n.skipped_at, n.created_at) < ${before}::timestamptz
             ORDER BY coalesce(n.sent_at, n.skipped_at, n.created_at) LIMIT ${batch}::int))
             AND company_id = ${companyId}::bigint RETURNING 1)
        SELECT count(*) AS count FROM gone`,
    );
    const count = row?.count ?? 0;
    purged += count;

    if (count < batch) {
      return purged;
    }
  }
}
