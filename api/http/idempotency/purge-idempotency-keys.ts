import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { type Database, Prisma } from '../../../platform/db/database';
import { keepKeysForDays } from './idempotency';

const Company = z.object({ id: dbInteger });
const Deleted = z.object({ count: dbInteger });
const page = 500;

/** Deletes keys older than {@link keepKeysForDays} days, company by company. @returns how many. */
export async function purgeIdempotencyKeys(database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keepKeysForDays * 86_400_000);
  let purged = 0;
  let after = 0;

  for (;;) {
    const companies = await database.system.query(
      Company,
      Prisma.sql`SELECT id FROM system.list_companies(${after}::bigint, ${page}::int)`,
    );

    for (const { id } of companies) {
      purged += await purgeCompany(database, id, before);
      after = Math.max(after, id);
    }
    if (companies.length < page) {
      return purged;
    }
  }
}

async function purgeCompany(database: Database, companyId: number, before: Date): Promise<number> {
  const [row] = await database.withTenantSql(companyId, (tx) =>
    tx.query(
      Deleted,
      Prisma.sql`
        WITH gone AS (
          DELETE FROM platform.idempotency_keys WHERE company_id = ${companyId}::bigint AND created_at < ${before} RETURNING 1
        )
        SELECT count(*) AS count FROM gone`,
    ),
  );

  return row?.count ?? 0;
}
