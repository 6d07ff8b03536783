import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { updateCustomer } from '../../../domain/customers/update-customer';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import {
  type ClockCustomer,
  openSubscriptionWorld,
  type Subscribed,
  type SubscriptionWorld,
} from './subscription-world';

/** 1 March in the customer's zone. */
const start = new Date('2026-02-28T17:00:00.000Z');
const dayMs = 86_400_000;
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

/** A subscription whose invoices are sent. */
const sent = (customer: ClockCustomer) => world.subscribe(customer, { token: null });

async function termsOfCustomer(customerId: number, daysUntilDue: number | null): Promise<void> {
  await world.test.database.withTenant(world.company.id, (tx) =>
    updateCustomer(tx, { id: customerId, changes: { daysUntilDue }, now: start }),
  );
}

const setTerms = (life: Subscribed, daysUntilDue: number | null) =>
  world.command(life, { type: 'set_payment_terms', daysUntilDue });

/** Days from the start of what each invoice bills to its due date, oldest first. */
async function dueDays({ subscriptionId }: Subscribed): Promise<number[]> {
  const rows = await world.rows<{ days: number }>(
    `SELECT (extract(epoch FROM due_date - period_start) / 86400)::int AS days FROM finance.invoices WHERE subscription_id = $1 ORDER BY id`,
    [subscriptionId],
  );

  return rows.map(({ days }) => days);
}

it("are the company's, unless the customer has others, unless the subscription has its own", async () => {
  const customer = await world.addCustomer();
  const company = await sent(customer);
  expect(await dueDays(company)).toEqual([7]);

  await termsOfCustomer(customer.customerId, 30);
  expect(await dueDays(await sent(customer))).toEqual([30]);
  const own = await sent(await withTerms(30));
  expect(await setTerms(own, 14)).toMatchObject({ kind: 'done' });
  expect(await setTerms(own, 14)).toMatchObject({ kind: 'refused', error: { code: 'no_change' } });
  await payAll(own);
  const options = {
    companyId: world.company.id,
    subscriptionId: own.subscriptionId,
    gateways: world.gateways,
    now: start,
  };
  const { invoices } = await previewUpcomingInvoice(world.test.database, options);
  const until = new Date('2026-05-15T00:00:00Z');
  const foreseen = await world.test.database.withTenantSql(world.company.id, (tx) =>
    forecastSubscription(tx, { subscriptionId: own.subscriptionId, until, now: start }),
  );
  await world.advance(own, '2026-04-02T00:00:00.000Z');

  // What was issued keeps its date; what comes follows the new terms, on paper as in the books.
  expect(await dueDays(own)).toEqual([30, 14]);
  const dueOn = new Date(new Date('2026-03-31T17:00:00Z').getTime() + 14 * dayMs).toISOString();
  expect(invoices).toMatchObject([{ dueDate: dueOn }]);
  expect(JSON.stringify(foreseen)).toContain('2026-04-15');
});

it('of no days are due by the end of the local day, and nothing is overdue before', async () => {
  const { customerId, clockId } = await withTerms(30);
  const own = await world.subscribe({ customerId, clockId }, { token: null, fields: { daysUntilDue: 0 } });
  const unpaid = await world.rows('SELECT due_date FROM finance.invoices WHERE subscription_id = $1', [
    own.subscriptionId,
  ]);
  expect(unpaid).toEqual([{ due_date: new Date(start.getTime() + dayMs - 1_000) }]);
  await payAll(own);

  // The renewal is issued ahead, and is due on the day on which its period begins.
  await world.advance(own, '2026-04-01T16:59:58.000Z');
  const overdue = () =>
    world.rows<{ told: boolean; due: string }>(
      'SELECT overdue_at IS NOT NULL AS told, due_date AS due FROM finance.invoices WHERE subscription_id = $1 ORDER BY id DESC LIMIT 1',
      [own.subscriptionId],
    );
  expect(await overdue()).toEqual([{ told: false, due: new Date('2026-04-01T16:59:59.000Z') }]);
  await world.advance(own, '2026-04-01T17:00:00.000Z');
  expect(await overdue()).toMatchObject([{ told: true }]);
});

it('of its own hold from the first invoice on where it begins with them', async () => {
  const { customerId, clockId } = await withTerms(30);
  const fields = { daysUntilDue: 3, usageThreshold: 50_000 };
  const own = await world.subscribe({ customerId, clockId }, { token: null, fields });
  expect(await dueDays(own)).toEqual([3]);
  const [row] = await world.rows('SELECT days_until_due, usage_threshold FROM ordering.subscriptions WHERE id = $1', [
    own.subscriptionId,
  ]);
  expect(row).toEqual({ days_until_due: 3, usage_threshold: '50000' });
});

it('decide when dunning begins', async () => {
  const living = await sent(await withTerms(20));
  await world.advance(living, '2026-03-20T16:59:59.000Z');
  expect(await statusOf(living)).toBe('active');
  await world.advance(living, '2026-03-20T17:00:00.000Z');
  expect(await statusOf(living)).toBe('past_due');
});

it('leave alone what is charged', async () => {
  const customer = await withTerms(45);
  expect(await dueDays(await world.subscribe(customer))).toEqual([7]);
});

async function withTerms(days: number) {
  const customer = await world.addCustomer();
  await termsOfCustomer(customer.customerId, days);

  return customer;
}

async function statusOf({ subscriptionId }: Subscribed): Promise<string | undefined> {
  const [row] = await world.rows<{ status: string }>('SELECT status FROM ordering.subscriptions WHERE id = $1', [
    subscriptionId,
  ]);

  return row?.status;
}

async function payAll(life: Subscribed): Promise<void> {
  const [invoice] = await world.rows<{ id: string; due: number }>(
    "SELECT id, due_amount::int AS due FROM finance.invoices WHERE subscription_id = $1 AND status = 'open'",
    [life.subscriptionId],
  );
  const paymentId = await reserveId(world.test.database, 'payment');
  await world.command(life, {
    type: 'record_payment',
    invoiceId: Number(invoice?.id),
    paymentId,
    amount: invoice?.due as number,
    method: 'cash',
    reference: 'Q-2',
    receivedAt: null,
  });
}
