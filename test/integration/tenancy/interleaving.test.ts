import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { type Database, openDatabase, Prisma, type TenantTransaction } from '../../../platform/db/database';
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

const seenBy = async (tx: TenantTransaction): Promise<number[]> => {
  const rows = await tx.query(Seen, Prisma.sql`SELECT DISTINCT company_id FROM customer.users`);

  return rows.map((row) => row.company_id);
};
const seenWithoutTenant = () => database.system.query(Seen, Prisma.sql`SELECT company_id FROM customer.users`);

class Refusal extends Error {}

it('keeps 200 interleaved transactions of two companies apart on two connections, also when some fail', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const company = companies[index % 2]!;
      const isFailing = index % 7 === 0;

      try {
        const seen = await database.withTenant(company.id, async (tx) => {
          const before = await seenBy(tx);
          await tx.orm.customer.create({
            data: {
              companyId: company.id,
              name: `Customer ${index}`,
              email: `interleaved-${index}@example.test`,
              createdAt: new Date(),
              updatedAt: new Date(),
            },
          });
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

it('leaves no company behind on a connection when the database refuses a statement', async () => {
  for (const company of companies) {
    await expect(
      database.withTenant(company.id, (tx) => tx.query(z.unknown(), Prisma.sql`SELECT 1 / 0`)),
    ).rejects.toThrow();
    expect(await seenWithoutTenant()).toEqual([]);
  }
});

it.each([0, -1, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
  'begins no transaction for the company %p',
  async (id) => {
    await expect(database.withTenant(id, () => Promise.resolve())).rejects.toThrow('Not a company id');
  },
);

it('refuses to work as a role that policies do not bind', async () => {
  const asOwner = openDatabase({ url: testDatabase.adminUrl, poolSize: 1 });

  await expect(database.verify()).resolves.toBeUndefined();
  await expect(asOwner.verify()).rejects.toThrow('bypasses row-level security');
  await asOwner.close();
});
