import { z } from 'zod';

import { Prisma } from '../../../platform/db/database';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 1 });
});
afterAll(() => test?.drop());

it('a connection whose transaction got no answer in time is not handed on inside it', async () => {
  const company = await openTestCompany(test.database);
  // Longer than a statement waits, and then the word to roll back behind it.
  const tooLong = Prisma.sql`SELECT 1 AS one FROM pg_sleep(33)`;

  await expect(test.database.withTenant(company.id, (tx) => tx.query(z.unknown(), tooLong))).rejects.toThrow();
  const [own] = await test.database.system.query(
    z.object({ pid: z.number() }),
    Prisma.sql`SELECT pg_backend_pid() AS pid`,
  );
  const states = await queryAsOwner(test.adminUrl, 'SELECT state FROM pg_stat_activity WHERE pid = $1', [own?.pid]);

  expect(states).toEqual([{ state: 'idle' }]);
});
