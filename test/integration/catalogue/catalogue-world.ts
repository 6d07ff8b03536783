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
  /** Two transactions, the second of which comes while the first has done its work and is not committed. @returns what the second answers */
  oneBehindTheOther<Result>(
    first: (tx: TenantTransaction) => Promise<unknown>,
    second: (tx: TenantTransaction) => Promise<Result>,
  ): Promise<Result>;
}

/** A database with two companies, for one test file. */
export async function openCatalogueWorld(): Promise<CatalogueWorld> {
  const test = await createTestDatabase({ poolSize: 12 });
  const company = await openTestCompany(test.database);
  const other = await openTestCompany(test.database, { settings: { currency: 'USD' } });

  const isAnyoneWaiting = async () => {
    const waiting = await queryAsOwner(
      test.adminUrl,
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );

    return waiting.length > 0;
  };

  return {
    test,
    company,
    other,
    run: (work, companyId = company.id) => test.database.withTenant(companyId, work),
    async oneBehindTheOther(first, second) {
      const run = <Result>(work: (tx: TenantTransaction) => Promise<Result>) =>
        test.database.withTenant(company.id, work);
      let begin: (going: { behind: ReturnType<typeof second> }) => void = () => undefined;
      const begun = new Promise<{ behind: ReturnType<typeof second> }>((resolve) => (begin = resolve));
      await run(async (tx) => {
        await first(tx);
        begin({ behind: run(second) });

        while (!(await isAnyoneWaiting())) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });

      return (await begun).behind;
    },
    nextId: (target) => reserveId(test.database, target),
    eventsOf: (subject) =>
      queryAsOwner(test.adminUrl, 'SELECT type, payload FROM platform.events WHERE subject = $1 ORDER BY subject_seq', [
        subject,
      ]),
  };
}
