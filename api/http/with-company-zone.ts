import { readSettings } from '../../domain/companies/setting-catalogue';
import type { Database, TenantTransaction } from '../../platform/db/database';

/** A tenant transaction whose answer shows instants in the company's time zone (setting `timeZone`). */
export function withCompanyZone<Result>(
  database: Database,
  companyId: number,
  work: (tx: TenantTransaction, timeZone: string) => Promise<Result>,
): Promise<Result> {
  return database.withTenant(companyId, async (tx) => {
    const { timeZone } = await readSettings(tx);

    return work(tx, timeZone);
  });
}
