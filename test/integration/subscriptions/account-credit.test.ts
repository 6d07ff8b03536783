import { randomUUID } from 'node:crypto';

import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { grantCredit, type GrantCredit } from '../../../domain/billing/account/grant-credit';
import { expireCredit, listExpiredCredits } from '../../../domain/billing/account/expire-credit';
import { payOutCredit } from '../../../domain/billing/account/pay-out-credit';
import { readBalance, viewBalance } from '../../../domain/billing/account/read-balance';
import { insertCustomer } from '../../../domain/customers/insert-customer';
import { previewCommand, previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import { stepTestClock } from '../../../domain/test-clocks/advance-test-clock';
import { aimTestClock } from '../../../domain/test-clocks/aim-test-clock';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const start = new Date('2026-03-01T03:00:00.000Z');
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

const sql = <Value>(work: Parameters<typeof world.test.database.withTenantSql<Value>>[1]) =>
  world.test.database.withTenantSql(world.company.id, work);

async function give(customerId: number, amount: number, fields: Partial<GrantCredit> = {}): Promise<number> {
  const creditGrantId = await reserveId(world.test.database, 'creditGrant');
  await sql((tx) =>
    grantCredit(tx, {
      creditGrantId,
      customerId,
      amount,
      currency: null,
      reason: 'sự cố',
      expiresAt: null,
      now: start,
      ...fields,
    }),
  );

  return creditGrantId;
}

async function payOut(customerId: number, amount: number): Promise<number> {
  const entryId = await reserveId(world.test.database, 'balanceEntry');
  await sql((tx) =>
    payOutCredit(tx, { entryId, customerId, amount, currency: 'VND', reference: 'FT-1', notes: null, now: start }),
  );

  return entryId;
}

const ledgerOf = (customerId: number) =>
  world.rows<{ kind: string; amount: number; after: number }>(
    `SELECT e.kind, e.amount::int, e.balance_after::int AS after FROM finance.balance_entries e
       JOIN finance.billing_accounts a ON a.id = e.billing_account_id WHERE a.customer_id = $1 ORDER BY e.id`,
    [customerId],
  );
const balanceOf = async (customerId: number, now = start) => {
  const account = await world.test.database.withTenant(world.company.id, (tx) => readBalance(tx, { customerId, now }));

  return account === null ? null : viewBalance(account).balance;
};
const creditEvents = (customerId: number) =>
  world.rows<{ type: string; amount: number }>(
    `SELECT type, (payload ->> 'amount')::int AS amount FROM platform.events
      WHERE subject = $1 AND type LIKE 'customer.credit.%' ORDER BY subject_seq`,
    [`customer/${customerId}`],
  );

/** The ledger adds up, and every grant is what it was less its draws. */
async function expectSoundBooks(): Promise<void> {
  const wrong = await world.rows(
    `SELECT a.id FROM finance.billing_accounts a
      WHERE a.balance <> (SELECT coalesce(sum(e.amount), 0) FROM finance.balance_entries e WHERE e.billing_account_id = a.id)
         OR a.balance < (SELECT coalesce(sum(g.remaining), 0) FROM finance.credit_grants g WHERE g.billing_account_id = a.id)
     UNION ALL
     SELECT g.id FROM finance.credit_grants g
      WHERE g.remaining <> g.amount - (SELECT coalesce(sum(d.amount), 0) FROM finance.credit_grant_draws d WHERE d.credit_grant_id = g.id)`,
    [],
  );
  expect(wrong).toEqual([]);
}

afterEach(expectSoundBooks);

it('is given once, under its reserved id, and told', async () => {
  const { customerId } = await world.addCustomer();
  const creditGrantId = await give(customerId, 40_000);
  await sql((tx) =>
    grantCredit(tx, {
      creditGrantId,
      customerId,
      amount: 40_000,
      currency: null,
      reason: 'sự cố',
      expiresAt: new Date(0),
      now: start,
    }),
  );

  expect(await ledgerOf(customerId)).toEqual([{ kind: 'granted', amount: 40_000, after: 40_000 }]);
  expect(await creditEvents(customerId)).toEqual([{ type: 'customer.credit.granted', amount: 40_000 }]);
});

it.each([
  ['of another currency', { currency: 'USD' }, 'currency_mismatch', '/currency'],
  ['that is over already', { expiresAt: start }, 'invalid_date_sequence', '/expiresAt'],
  ['more than an account can hold', { amount: Number.MAX_SAFE_INTEGER }, 'amount_out_of_range', '/amount'],
  ['to nobody', { customerId: 999_999 }, 'not_found', undefined],
])('is not given %s', async (_what, fields: Partial<GrantCredit>, code, field) => {
  const { customerId } = await world.addCustomer();
  await give(customerId, 1);

  await expect(give(customerId, 5, fields)).rejects.toMatchObject({ code, ...(field === undefined ? {} : { field }) });
  expect(await balanceOf(customerId)).toBe(1);
});

it('pays the next invoices, what expires first first, and what is left expires at its instant on the clock', async () => {
  const customer = await world.addCustomer();
  const { customerId } = customer;
  const late = await give(customerId, 100_000, { expiresAt: new Date('2026-06-01T03:00:00Z') });
  const soon = await give(customerId, 150_000, { expiresAt: new Date('2026-03-20T03:00:00Z') });
  const living = await world.subscribe(customer);
  // 99,000 and 10 % of tax.
  expect(await ledgerOf(customerId)).toContainEqual({ kind: 'applied', amount: -108_900, after: 141_100 });
  const upcoming = await previewUpcomingInvoice(world.test.database, {
    companyId: world.company.id,
    subscriptionId: living.subscriptionId,
    gateways: world.gateways,
    now: start,
  });
  // The renewal comes after the first of them has expired.
  expect(upcoming.invoices).toMatchObject([{ balanceApplied: 100_000, dueAmount: 8_900 }]);

  await world.advance(living, '2026-03-20T02:59:59.999Z');
  expect(await balanceOf(customerId)).toBe(141_100);
  await world.advance(living, '2026-03-20T03:00:00Z');
  expect(await balanceOf(customerId)).toBe(100_000);
  await world.advance(living, '2026-04-02T03:00:00Z');

  expect((await ledgerOf(customerId)).slice(3)).toEqual([
    { kind: 'expired', amount: -41_100, after: 100_000 },
    { kind: 'applied', amount: -100_000, after: 0 },
  ]);
  const left = await world.rows('SELECT remaining::int FROM finance.credit_grants WHERE id = ANY ($1) ORDER BY id', [
    [late, soon],
  ]);
  expect(left).toEqual([{ remaining: 0 }, { remaining: 0 }]);
  expect(await creditEvents(customerId)).toMatchObject([{}, {}, { type: 'customer.credit.expired', amount: 41_100 }]);
});

it('pays nothing that is issued at the instant it expires', async () => {
  const customer = await world.addCustomer();
  const living = await world.subscribe(customer, { plan: 2 });
  await give(customer.customerId, 10_000, { expiresAt: new Date('2026-03-08T03:00:00Z') });
  await world.advance(living, '2026-03-08T03:00:00Z');

  expect((await ledgerOf(customer.customerId)).map(({ kind }) => kind)).toEqual(['granted', 'expired']);
});

it('comes back from a void invoice as what it was: over, when it has expired meanwhile', async () => {
  const customer = await world.addCustomer();
  const { customerId } = customer;
  await give(customerId, 60_000, { expiresAt: new Date('2026-03-02T03:00:00Z') });
  await give(customerId, 20_000);
  const living = await world.subscribe(customer, { token: 'tok_declined' });
  const [invoice] = await world.rows<{ id: string }>('SELECT id FROM finance.invoices WHERE subscription_id = $1', [
    living.subscriptionId,
  ]);
  await sql((tx) =>
    aimTestClock(tx, {
      testClockId: customer.clockId,
      target: new Date('2026-03-02T03:00:00Z'),
      requestKey: null,
      now: start,
    }),
  );
  await sql((tx) => stepTestClock(tx, customer.clockId, start));
  expect(await world.command(living, { type: 'void_invoice', invoiceId: Number(invoice?.id) })).toMatchObject({
    kind: 'done',
  });

  expect(await balanceOf(customerId)).toBe(20_000);
  await advanceOn(customer.clockId);
  expect((await ledgerOf(customerId)).slice(2)).toEqual([
    { kind: 'applied', amount: -80_000, after: 0 },
    { kind: 'returned', amount: 80_000, after: 80_000 },
    { kind: 'expired', amount: -60_000, after: 20_000 },
  ]);
});

/** The rest of an advance that was begun. */
async function advanceOn(clockId: number): Promise<void> {
  let step = await sql((tx) => stepTestClock(tx, clockId, start));

  while (step.kind !== 'done') {
    step = await sql((tx) => stepTestClock(tx, clockId, start));
  }
}

it('is left by a preview as the command leaves it', async () => {
  const customer = await world.addCustomer();
  const { customerId } = customer;
  await give(customerId, 80_000, { expiresAt: new Date('2026-04-20T03:00:00Z') });
  const living = await world.subscribe(customer);
  await world.advance(living, '2026-03-10T03:00:00Z');
  await give(customerId, 500_000, { expiresAt: new Date('2026-03-11T03:00:00Z') });
  const change = {
    type: 'change_plan',
    newPlanId: world.plans[1],
    quantity: null,
    immediate: true,
    prorationDate: null,
  };
  const paper = await previewCommand(world.test.database, change as any, {
    companyId: world.company.id,
    subscriptionId: living.subscriptionId,
    gateways: world.gateways,
    now: start,
  });
  expect(await world.command(living, change)).toMatchObject({ kind: 'done' });

  expect(await balanceOf(customerId)).toBe(paper.balance);
  expect(paper.invoices[0]?.balanceApplied).toBeGreaterThan(0);
});

it('is paid out once, never more than there is, also by two at once', async () => {
  const { customerId } = await world.addCustomer();
  await give(customerId, 50_000);
  const entryId = await payOut(customerId, 20_000);
  await sql((tx) =>
    payOutCredit(tx, {
      entryId,
      customerId,
      amount: 20_000,
      currency: null,
      reference: 'FT-1',
      notes: null,
      now: start,
    }),
  );
  await expect(payOut(customerId, 30_001)).rejects.toMatchObject({
    code: 'payout_exceeds_balance',
    field: '/amount',
    params: { balance: 30_000 },
  });
  const both = await Promise.allSettled([payOut(customerId, 20_000), payOut(customerId, 20_000)]);

  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await ledgerOf(customerId)).toEqual([
    { kind: 'granted', amount: 50_000, after: 50_000 },
    { kind: 'paid_out', amount: -20_000, after: 30_000 },
    { kind: 'paid_out', amount: -20_000, after: 10_000 },
  ]);
});

it('that nobody looked at since is found by the sweep over all companies, once, but for clocks', async () => {
  const { database } = world.test;
  const customerId = await reserveId(database, 'customer');
  const clocked = await world.addCustomer();
  const expiresAt = new Date(start.getTime() + 1_000);
  await database.withTenant(world.company.id, (tx) =>
    insertCustomer(tx, { id: customerId, name: 'Minh', email: `${randomUUID()}@any.test`, now: start } as any),
  );
  await give(customerId, 5_000, { expiresAt });
  await give(clocked.customerId, 5_000, { expiresAt });
  const listed = () => listExpiredCredits(database.system, { until: expiresAt, limit: 10 });
  const found = await listed();
  expect(found).toHaveLength(1);
  expect(await balanceOf(customerId, expiresAt)).toBe(0);

  await Promise.all(
    [1, 2].map(() =>
      sql((tx) => expireCredit(tx, { billingAccountId: found[0]?.billingAccountId as number, now: expiresAt })),
    ),
  );
  expect(await listed()).toEqual([]);
  expect(await ledgerOf(customerId)).toEqual([
    { kind: 'granted', amount: 5_000, after: 5_000 },
    { kind: 'expired', amount: -5_000, after: 0 },
  ]);
});
