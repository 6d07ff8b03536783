import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { sumOverCompanies } from '../../companies/sum-over-companies';
import { failuresLastMs } from './login-throttle-rules';

const Deleted = z.object({ count: dbInteger });

/** Deletes failed attempts to sign in that count no more, of all companies. @returns of how many accounts */
export function purgeLoginAttempts(database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - failuresLastMs);

  return sumOverCompanies(database, async (companyId) => {
    const [row] = await database.eachAlone(companyId).query(
      Deleted,
      Prisma.sql`WITH gone AS (DELETE FROM customer.login_attempts
                                WHERE company_id = ${companyId}::bigint AND last_at <= ${before}::timestamptz RETURNING 1)
                 SELECT count(*) AS count FROM gone`,
    );

    return row?.count ?? 0;
  });
}
