import { z } from 'zod';

import { type Database, databaseErrorCode, Prisma, type TenantSql } from '../../../platform/db/database';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;
let database: Database;
let company: TestCompany;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 2 });
  database = test.database;
  company = await openTestCompany(database);
});
afterAll(() => test?.drop());

const insert = (tx: TenantSql, email: string) => Prisma.sql`
  INSERT INTO customer.customers (company_id, name, email, created_at, updated_at)
  VALUES (${tx.companyId}, 'Written', ${email}, now(), now())`;
const write = (tx: TenantSql, email: string) => tx.write(insert(tx, email));
const Row = z.object({ email: z.string() });
const written = async (tx: TenantSql): Promise<string[]> => {
  const rows = await tx.query(
    Row,
    Prisma.sql`SELECT email FROM customer.customers WHERE name = 'Written' ORDER BY email`,
  );

  return rows.map(({ email }) => email);
};
const kept = () => written(database.eachAlone(company.id));
const fresh = (() => {
  let count = 0;

  return () => `written-${(count += 1)}@example.test`;
})();

/** Every way in which a statement may be run for a company. */
const ways: [string, (work: (tx: TenantSql) => Promise<unknown>) => Promise<unknown>][] = [
  ['withTenantSql', (work) => database.withTenantSql(company.id, work)],
  ['withTenant', (work) => database.withTenant(company.id, work)],
  ['eachAlone', (work) => work(database.eachAlone(company.id))],
];

describe.each(ways)('what is written by %s', (_way, run) => {
  it('is seen by the next query, in the order in which it was written', async () => {
    const [first, second] = [fresh(), fresh()];

    await run(async (tx) => {
      await write(tx, first);
      await write(tx, second);
      await tx.write(Prisma.sql`UPDATE customer.customers SET email = 'changed-' || email WHERE email = ${first}`);

      expect(await written(tx)).toEqual(expect.arrayContaining([`changed-${first}`, second]));
    });

    expect(await kept()).toEqual(expect.arrayContaining([`changed-${first}`, second]));
  });

  it('is kept although nothing was asked', async () => {
    const email = fresh();
    await run((tx) => write(tx, email));

    expect(await kept()).toContain(email);
  });

  it('fails with what it is explained by', async () => {
    const email = fresh();
    await run((tx) => write(tx, email));
    const explained = new Error('there is one of that address');
    const again = run((tx) =>
      tx.write(insert(tx, email), (error) => (databaseErrorCode(error) === undefined ? error : explained)),
    );

    await expect(again).rejects.toBe(explained);
  });
});

it('what fails on the way to a query is explained by its own statement, and nothing of the transaction holds', async () => {
  const [taken, other] = [fresh(), fresh()];
  await database.withTenantSql(company.id, (tx) => write(tx, taken));
  const work = database.withTenantSql(company.id, async (tx) => {
    await tx.write(insert(tx, other), () => new Error('not this one'));
    await tx.write(insert(tx, taken), () => new Error('this one'));
    await tx.write(Prisma.sql`SELECT 1`, () => new Error('nor this one'));

    return written(tx);
  });

  await expect(work).rejects.toThrow('this one');
  expect(await kept()).not.toContain(other);
});

it('what waits is forgotten when the work fails', async () => {
  const email = fresh();
  const work = database.withTenantSql(company.id, async (tx) => {
    await write(tx, email);
    throw new Error('changed my mind');
  });

  await expect(work).rejects.toThrow('changed my mind');
  expect(await kept()).not.toContain(email);
});

it('a snapshot refuses it', async () => {
  const email = fresh();

  await expect(database.withTenantSnapshot(company.id, (tx) => write(tx, email))).rejects.toThrow('read-only');
  expect(await kept()).not.toContain(email);
});
