import type { Database } from '../../platform/db/database';
import { listCompanies } from './list-companies';

const companiesAtOnce = 500;

/** Does something for every company of the installation, in the order of their ids, and adds up what it counts. */
export async function sumOverCompanies(
  database: Database,
  count: (companyId: number) => Promise<number>,
): Promise<number> {
  for (let sum = 0, after = 0; ;) {
    const companies = await listCompanies(database.system, { after, limit: companiesAtOnce });

    for (const { id } of companies) {
      sum += await count(id);
      after = id;
    }

    if (companies.length < companiesAtOnce) {
      return sum;
    }
  }
}
