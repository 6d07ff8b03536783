import { reserveId } from '../../../api/http/idempotency/reserve-id';
import type { ReservableTarget } from '../../../api/http/pipeline/route';
import type { TenantTransaction } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

export interface CatalogueWorld {
  test: TestDatabase;
  company: TestCompany;
  other: TestCompany;
  /** A transaction of the first company, or of another. */
  run<Result>(work: (tx: TenantTransaction) => Promise<Result>, companyId?: number): Promise<Result>;
  nextId(target: ReservableTarget): Promise<number>;
  eventsOf(subject: string): Promise<{ type: string; payload: Record<string, unknown> }[]>;
}

/** A database with two companies, for one test file. */
export async function openCatalogueWorld(): Promise<CatalogueWorld> {
  const test = await createTestDatabase({ poolSize: 12 });
  const company = await openTestCompany(test.database);
  const other = await openTestCompany(test.database, { settings: { currency: 'USD' } });

  return {
    test,
    company,
    other,
    run: (work, companyId = company.id) => test.database.withTenant(companyId, work),
    nextId: (target) => reserveId(test.database, target),
    eventsOf: (subject) =>
      queryAsOwner(test.adminUrl, 'SELECT type, payload FROM platform.events WHERE subject = $1 ORDER BY subject_seq', [
        subject,
      ]),
  };
}
