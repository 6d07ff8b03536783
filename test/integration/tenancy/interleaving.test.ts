import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { type Database, openDatabase, Prisma, type TenantSql } from '../../../platform/db/database';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let testDatabase: TestDatabase;
let database: Database;
let companies: TestCompany[];

beforeAll(async () => {
  testDatabase = await createTestDatabase({ poolSize: 2 });
  database = testDatabase.database;
  companies = [await openTestCompany(database), await openTestCompany(database)];
});

afterAll(() => testDatabase?.drop());

const Seen = z.object({ company_id: dbInteger });

const seenBy = async (tx: TenantSql): Promise<number[]> => {
  const rows = await tx.query(Seen, Prisma.sql`SELECT DISTINCT company_id FROM customer.users`);

  return rows.map((row) => row.company_id);
};
const seenWithoutTenant = () => database.system.query(Seen, Prisma.sql`SELECT company_id FROM customer.users`);

const insertCustomer = (tx: TenantSql, index: number) =>
  tx.query(
    z.unknown(),
    Prisma.sql`INSERT INTO customer.customers (company_id, name, email, created_at, updated_at)
               VALUES (${tx.companyId}, ${`Customer ${index}`}, ${`interleaved-${index}@example.test`}, now(), now())`,
  );

class Refusal extends Error {}

it('keeps 200 interleaved transactions of two companies apart on two connections, also when some fail', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const company = companies[index % 2]!;
      const isFailing = index % 7 === 0;

      try {
        // Both ways into a transaction, on the same connections.
        const run = index % 3 === 0 ? database.withTenantSql : database.withTenant;
        const seen = await run(company.id, async (tx) => {
          const before = await seenBy(tx);
          await insertCustomer(tx, index);
          const after = await seenBy(tx);

          if (isFailing) {
            throw new Refusal();
          }

          return [...before, ...after];
        });

        return { isRight: !isFailing && seen.every((id) => id === company.id) && seen.length === 2 };
      } catch (error) {
        return { isRight: isFailing && error instanceof Refusal };
      } finally {
        expect(await seenWithoutTenant()).toEqual([]);
      }
    }),
  );

  expect(outcomes.filter(({ isRight }) => !isRight)).toEqual([]);

  for (const [which, company] of companies.entries()) {
    const kept = await database.withTenant(company.id, (tx) =>
      tx.orm.customer.findMany({ where: { email: { startsWith: 'interleaved-' } }, select: { name: true } }),
    );
    const expected = Array.from({ length: 200 }, (_, index) => index)
      .filter((index) => index % 2 === which && index % 7 !== 0)
      .map((index) => `Customer ${index}`);

    expect(kept.map(({ name }) => name).sort()).toEqual(expected.sort());
  }
});

it.each(['withTenant', 'withTenantSql'] as const)(
  'leaves no company behind on a connection of %s when the database refuses a statement',
  async (way) => {
    for (const { id } of companies) {
      const divide = (tx: TenantSql) => tx.query(z.unknown(), Prisma.sql`SELECT 1 / 0`);

      await expect(database[way](id, divide)).rejects.toThrow('division by zero');
      expect(await seenWithoutTenant()).toEqual([]);
    }
  },
);

it.each([0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
  'begins no transaction for the company %p',
  async (id) => {
    for (const run of [database.withTenant, database.withTenantSql]) {
      await expect(async () => run(id, () => Promise.resolve())).rejects.toThrow('Not a company id');
    }
  },
);

it('refuses to work as a role that policies do not bind', async () => {
  const asOwner = openDatabase({ url: testDatabase.adminUrl, poolSize: 1 });

  await expect(database.verify()).resolves.toBeUndefined();
  await expect(asOwner.verify()).rejects.toThrow('bypasses row-level security');
  await asOwner.close();
});
