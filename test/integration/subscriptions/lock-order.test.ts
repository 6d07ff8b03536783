import { randomUUID } from 'node:crypto';

import { Client } from 'pg';

import { until } from '../events/outbox';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

let world: SubscriptionWorld;
/** Another transaction, begun and left open by each test. */
let other: Client;
let otherPid: number;

beforeAll(async () => {
  world = await openSubscriptionWorld(new Date('2026-01-30T17:00:00.000Z'));
});
beforeEach(async () => {
  other = new Client({ connectionString: world.test.adminUrl });
  await other.connect();
  const { rows } = await other.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  otherPid = rows[0]?.pid ?? 0;
  await other.query('BEGIN');
});
afterEach(() => other.end());
afterAll(() => world?.close());

const lockAccount = (customerId: number, strength: 'UPDATE' | 'KEY SHARE') =>
  other.query(`SELECT id FROM finance.billing_accounts WHERE customer_id = $1 FOR ${strength}`, [customerId]);

/** How many wait for the other transaction. */
const waiting = async () => {
  const [row] = await world.rows<{ count: number }>(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))',
    [otherPid],
  );

  return row?.count ?? 0;
};

async function credit({ subscriptionId }: Subscribed, amount = 1_000) {
  const [invoice] = await world.rows<{ id: string }>('SELECT id FROM finance.invoices WHERE subscription_id = $1', [
    subscriptionId,
  ]);
  const command = { type: 'credit_invoice' as const, invoiceId: Number(invoice?.id), amount, notes: null };

  return world.steps.runSubscription({
    companyId: world.company.id,
    subscriptionId,
    work: { kind: 'command', commandId: randomUUID(), command },
  });
}

it('a credit note waits for its billing account before it takes a number, which others may take meanwhile', async () => {
  const [first, second] = [
    await world.subscribe(await world.addCustomer()),
    await world.subscribe(await world.addCustomer()),
  ];
  await credit(first);
  await lockAccount(first.customerId, 'UPDATE');
  const held = credit(first);
  await until('the credit note waits for the account', async () => (await waiting()) === 1);

  expect((await credit(second)).kind).toBe('done');
  await other.query('COMMIT');
  expect((await held).kind).toBe('done');
  expect(
    await world.rows(
      `SELECT credit_note_number AS number, customer_id::int AS "customerId" FROM finance.credit_notes WHERE company_id = $1 ORDER BY 1`,
      [world.company.id],
    ),
  ).toEqual([
    { number: 'TEST-CN-000001', customerId: first.customerId },
    { number: 'TEST-CN-000002', customerId: second.customerId },
    { number: 'TEST-CN-000003', customerId: first.customerId },
  ]);
});

it('neither an invoice nor a credit note waits for a transaction that only refers to the billing account', async () => {
  const customer = await world.addCustomer();
  await lockAccount(customer.customerId, 'KEY SHARE');

  expect((await credit(await world.subscribe(customer))).kind).toBe('done');
});
