import { demoCompany, seedDemo } from '../../../cli/seed/seed-demo';
import { findCompany } from '../../../domain/companies/find-company';
import { logIn } from '../../../domain/identity/sessions/log-in';
import { passwords } from '../../../domain/identity/passwords/passwords';
import { readConfig } from '../../../platform/config';
import type { Database } from '../../../platform/db/database';
import { services } from '../../../workers/services';
import { queryAsOwner } from '../../environment/admin';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

const now = new Date('2026-03-01T02:00:00Z');

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
});

afterAll(() => testDatabase?.drop());

const seed = (environment: Record<string, string> = {}) =>
  seedDemo({ config: readConfig({ NODE_ENV: 'test', ...environment }), database, now });

/** Number of rows of every table, so that a second run that adds anything is seen. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await queryAsOwner<{ name: string }>(
    testDatabase.adminUrl,
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('platform', 'customer', 'product', 'ordering', 'finance')`,
  );
  const counts: Record<string, number> = {};

  for (const { name } of tables) {
    const [row] = await queryAsOwner<{ count: number }>(
      testDatabase.adminUrl,
      `SELECT count(*)::int AS count FROM ${name}`,
    );
    counts[name] = row?.count ?? -1;
  }

  return counts;
}

it('puts a company in place whose two people can sign in, and every service runs', async () => {
  const { companyId } = await seed();
  const signIn = (email: string) =>
    logIn({ database, passwords }, { companyId, email, password: demoCompany.password, now });

  expect(await findCompany(database.system, 'demo')).toEqual({ id: companyId, slug: 'demo', status: 'active' });
  await expect(signIn('admin@demo.test')).resolves.toMatchObject({ account: { role: 'company_admin' } });
  await expect(signIn('customer@demo.test')).resolves.toMatchObject({
    account: { role: 'customer', customerId: expect.any(Number) },
  });

  const states = await queryAsOwner<{ service: string; state: string }>(
    testDatabase.adminUrl,
    'SELECT service, state FROM platform.service_state',
  );
  expect(states.map(({ service }) => service).sort()).toEqual(services.map(({ name }) => name).sort());
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['running']));
});

it('adds nothing when it runs again, and leaves what people changed', async () => {
  await seed();
  const before = await countRows();
  await queryAsOwner(
    testDatabase.adminUrl,
    `UPDATE platform.service_state SET state = 'stopped' WHERE service = 'order-svc'`,
  );
  await seed({ TAX_RATE: '0.2' });
  const [state] = await queryAsOwner<{ state: string }>(
    testDatabase.adminUrl,
    `SELECT state FROM platform.service_state WHERE service = 'order-svc'`,
  );

  expect(await countRows()).toEqual(before);
  expect(before['customer.users']).toBe(2);
  expect(before['product.products']).toBeGreaterThan(0);
  expect(state?.state).toBe('stopped');
});

it('does nothing in production', async () => {
  const secrets = { JWT_SECRET: 'x'.repeat(40), VNPAY_HASH_SECRET: 'y'.repeat(32) };

  await expect(seed({ NODE_ENV: 'production', ...secrets })).rejects.toThrow('seeds nothing');
});
