import { Client } from 'pg';

import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;
let company: TestCompany;
let client: Client;

beforeAll(async () => {
  test = await createTestDatabase();
  company = await openTestCompany(test.database);
  client = new Client({ connectionString: test.adminUrl });
  await client.connect();
  // Tables of a test are small enough to be read whole.
  await client.query('SET enable_seqscan = off');
});
afterAll(async () => {
  await client?.end();
  await test?.drop();
});

async function planOf(sql: string): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`);

  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const page = (table: string, where: string) =>
  `SELECT id FROM ${table} WHERE company_id = ${company.id} AND ${where} ORDER BY id DESC LIMIT 21`;

/*
 * What is over is nearly everything, after some years: what goes on, what is owed and what few rows are, is found without
 * reading it. A predicate that does not follow from the query any more would leave its index unused, and nobody would see.
 */
it.each([
  [
    'orders that need a workflow',
    'orders_unfinished',
    () =>
      `SELECT o.id FROM ordering.orders o WHERE o.id > 5 AND o.status IN ('pending', 'confirmed', 'shipped') ORDER BY o.id LIMIT 100`,
  ],
  [
    'subscriptions that need a workflow',
    'subscriptions_unfinished',
    () =>
      `SELECT s.id FROM ordering.subscriptions s WHERE s.id > 5 AND (s.status NOT IN ('cancelled', 'expired') OR s.next_deadline_at IS NOT NULL) ORDER BY s.id LIMIT 100`,
  ],
  [
    'what an account owes',
    'invoices_open_of_account',
    () =>
      `SELECT sum(due_amount) FROM finance.invoices WHERE company_id = ${company.id} AND billing_account_id = 5 AND status = 'open'`,
  ],
  ['drafts', 'invoices_not_paid', () => page('finance.invoices', `status = 'draft'`)],
  ['payments that failed', 'payments_not_received', () => page('finance.payments', `status = 'failed'`)],
  [
    'money that has to go back',
    'payments_not_received',
    () => `SELECT p.id FROM finance.payments p WHERE p.company_id = ${company.id} AND p.status = 'refund_due'`,
  ],
  ['payments in cash', 'payments_company_id_method_id_idx', () => page('finance.payments', `method = 'cod'`)],
  ['orders whose payment failed', 'orders_not_paid', () => page('ordering.orders', `payment_status = 'failed'`)],
  [
    'subscriptions of a plan',
    'subscriptions_company_id_plan_id_id_idx',
    () => page('ordering.subscriptions', 'plan_id = 5'),
  ],
])('%s are found by %s', async (_what, index, sql) => {
  expect(await planOf(sql())).toContain(index);
});

it('customers are found by parts of words, as the function that looks for them may see them', async () => {
  await client.query('SET ROLE bmms_system');

  try {
    // A policy on this role that is more than `true` would hide the index from it.
    expect(await planOf(`SELECT c.id FROM customer.customers c WHERE c.search_text LIKE '%nguyen%'`)).toContain(
      'customers_words',
    );
  } finally {
    await client.query('RESET ROLE');
  }
});
