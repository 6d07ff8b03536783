import { z } from 'zod';

import { mapError } from '../../../api/http/pipeline/map-error';
import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { asOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;
let company: TestCompany;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 2 });
  company = await openTestCompany(test.database);
});
afterAll(() => test?.drop());

/** As it is when PostgreSQL is killed: the connection says so, and is gone. */
async function kill(tx: TenantTransaction): Promise<void> {
  const [own] = await tx.query(z.object({ pid: z.number() }), Prisma.sql`SELECT pg_backend_pid() AS pid`);
  await asOwner(test.adminUrl, (owner) => owner.query('SELECT pg_terminate_backend($1, 5000)', [own?.pid]));
}

/** A table at whose commit the connection dies: PostgreSQL's last word is then its answer to the commit. */
const dieAtCommit = `
  CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
  CREATE CONSTRAINT TRIGGER die AFTER INSERT ON product.features DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION public.die()`;

it('a connection that dies while it commits is “try again” as well', async () => {
  await asOwner(test.adminUrl, (owner) => owner.query(dieAtCommit));
  const now = new Date();
  const failure = await test.database
    .withTenant(company.id, (tx) =>
      tx.orm.feature.create({ data: { companyId: company.id, code: 'a', name: 'a', createdAt: now, updatedAt: now } }),
    )
    .catch((error: unknown) => error);

  expect(mapError(failure)).toMatchObject({ code: 'unavailable', status: 503 });
});

it.each<[string, (tx: TenantTransaction) => Promise<unknown>]>([
  ['before it is committed', async () => undefined],
  ['before a query of the ORM', (tx) => tx.orm.plan.count()],
  ['before a statement', (tx) => tx.query(z.unknown(), Prisma.sql`SELECT 1`)],
])('a connection that dies in a transaction, %s, is “try again”, and nobody’s fault', async (_when, then) => {
  const failure = await test.database
    .withTenant(company.id, async (tx) => {
      await kill(tx);

      return then(tx);
    })
    .catch((error: unknown) => error);

  expect(mapError(failure)).toMatchObject({ code: 'unavailable', status: 503 });
  await expect(test.database.withTenant(company.id, (tx) => tx.orm.plan.count())).resolves.toBe(0);
});
