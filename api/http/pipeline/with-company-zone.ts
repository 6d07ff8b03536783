import { z } from 'zod';

import { readSettings, resolveSettings } from '../../../domain/companies/setting-catalogue';
import { AppError } from '../../../domain/errors';
import { type Database, Prisma, type TenantSql, type TenantTransaction } from '../../../platform/db/database';
import { zoneInstants } from '../../../platform/instant';
import { mapError } from './map-error';

const StoredSettings = z.object({ values: z.unknown() });

/** A tenant transaction without the ORM whose answer shows instants in the company's time zone (setting `timeZone`). */
export function withCompanyZone<Result>(
  database: Database,
  companyId: number,
  work: (tx: TenantSql, timeZone: string) => Promise<Result>,
): Promise<Result> {
  return database.withTenantSql(companyId, async (tx) => {
    const [stored] = await tx.query(
      StoredSettings,
      Prisma.sql`SELECT s.values FROM platform.company_settings s WHERE s.company_id = ${companyId}::bigint`,
    );

    return work(tx, resolveSettings(stored?.values).timeZone);
  });
}

/** The same for operations that use the ORM. */
export function withOrmAndCompanyZone<Result>(
  database: Database,
  companyId: number,
  work: (tx: TenantTransaction, timeZone: string) => Promise<Result>,
): Promise<Result> {
  return database.withTenant(companyId, async (tx) => work(tx, (await readSettings(tx)).timeZone));
}

/** Rules and workflows refuse in UTC, knowing no zones; what they refuse with is told in the company's zone. */
export async function tellInCompanyZone<Result>(
  database: Database,
  companyId: number,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const problem = mapError(error).toJSON();

    if (!/T\d\d:\d\d:\d\d/.test(JSON.stringify(problem))) {
      throw error;
    }
    const timeZone = await withCompanyZone(database, companyId, async (_tx, zone) => zone);

    throw AppError.fromJSON(zoneInstants(problem, timeZone, { alsoInside: true }));
  }
}
