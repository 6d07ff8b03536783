import { createPaymentActivities } from '../../../activities/payment-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { updateSettings } from '../../../domain/companies/update-settings';
import { systemClock } from '../../../platform/clock';
import { invoicesThatDisagree } from '../orders/expect-balanced-books';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** 1 March in the customer's zone. */
const start = new Date('2026-02-28T17:00:00.000Z');
let world: SubscriptionWorld;
let refunds: ReturnType<typeof createPaymentActivities>;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
  const { database } = world.test;
  refunds = createPaymentActivities({ database, gateways: world.gateways, clock: systemClock, installation: 'test' });
  await database.withTenant(world.company.id, (tx) =>
    updateSettings(tx, { changes: { taxRatePpm: 100_000 }, now: start } as any),
  );
});
afterAll(() => world?.close());
afterEach(async () => {
  expect(await world.rows(invoicesThatDisagree, [world.company.id])).toEqual([]);
});

type Life = Subscribed & { invoiceId: number };

/** A subscription whose invoices are sent; its first one, of 108,900, is open. */
async function sentLife(): Promise<Life> {
  const subscribed = await world.subscribe(await world.addCustomer(), { token: null });
  const [invoice] = await world.rows<{ id: string }>('SELECT id FROM finance.invoices WHERE subscription_id = $1', [
    subscribed.subscriptionId,
  ]);

  return { ...subscribed, invoiceId: Number(invoice?.id) };
}

async function record(life: Life, amount: number, fields: Record<string, unknown> = {}) {
  const paymentId = await reserveId(world.test.database, 'payment');
  const asked = {
    type: 'record_payment',
    invoiceId: life.invoiceId,
    paymentId,
    amount,
    method: 'bank_transfer',
    reference: 'FT-7',
    receivedAt: null,
    ...fields,
  };
  const answer: any = await world.command(life, asked);

  return { paymentId, asked, code: answer.kind === 'done' ? 'done' : answer.error.code };
}

async function standing({ invoiceId, subscriptionId }: Life) {
  const [row] = await world.rows<any>(
    `SELECT i.status, i.paid_amount::int AS paid, i.due_amount::int AS due, a.balance::int, s.status AS subscription, s.activated_at IS NOT NULL AS active,
            (SELECT count(*)::int FROM finance.dunning_runs d WHERE d.invoice_id = i.id AND d.status = 'active') AS dunned
       FROM finance.invoices i JOIN finance.billing_accounts a ON a.id = i.billing_account_id JOIN ordering.subscriptions s ON s.id = i.subscription_id
      WHERE i.id = $1 AND s.id = $2`,
    [invoiceId, subscriptionId],
  );

  return row;
}

it('leaves an invoice open with what is left, until the whole has come; then all follows, and the rest is credit', async () => {
  const life = await sentLife();
  const first = await record(life, 50_000);
  expect(first.code).toBe('done');
  expect(await standing(life)).toMatchObject({ status: 'open', paid: 50_000, due: 58_900, active: false, balance: 0 });

  expect((await record(life, 60_000, { method: 'cash' })).code).toBe('done');
  expect(await standing(life)).toMatchObject({ status: 'paid', paid: 108_900, due: 0, active: true, balance: 1_100 });
  expect((await record(life, 1)).code).toBe('invoice_state');

  const events = await world.rows<{ type: string }>(
    `SELECT type FROM platform.events WHERE subject = $1 AND type IN ('payment.success', 'invoice.updated', 'subscription.activated') ORDER BY subject_seq`,
    [`subscription/${life.subscriptionId}`],
  );
  expect(events.map(({ type }) => type)).toEqual([
    'payment.success',
    'invoice.updated',
    'payment.success',
    'invoice.updated',
    'subscription.activated',
  ]);
});

it('is recorded once, however often the command is carried out', async () => {
  const life = await sentLife();
  const paymentId = await reserveId(world.test.database, 'payment');
  const asked = {
    type: 'record_payment',
    invoiceId: life.invoiceId,
    paymentId,
    amount: 8_900,
    method: 'cash',
    reference: 'Q-1',
    receivedAt: null,
  };
  await world.command(life, asked, 'same');
  await world.command(life, asked, 'same');

  expect(await standing(life)).toMatchObject({ paid: 8_900, due: 100_000 });
});

it('does not end dunning by a part, and does by the whole', async () => {
  const life = await sentLife();
  await world.advance(life, '2026-03-09T00:00:00.000Z');
  expect(await standing(life)).toMatchObject({ subscription: 'past_due', dunned: 1 });
  await record(life, 100_000);
  expect(await standing(life)).toMatchObject({ status: 'open', due: 8_900, subscription: 'past_due', dunned: 1 });
  await record(life, 8_900);
  expect(await standing(life)).toMatchObject({ status: 'paid', subscription: 'active', dunned: 0 });
});

it('pays late what was given up, and revives nothing', async () => {
  const life = await sentLife();
  await world.advance(life, '2026-04-10T00:00:00.000Z');
  expect(await standing(life)).toMatchObject({ status: 'uncollectible', subscription: 'expired' });
  await record(life, 8_900);
  expect(await standing(life)).toMatchObject({ status: 'uncollectible', due: 100_000 });
  await record(life, 100_000);
  expect(await standing(life)).toMatchObject({ status: 'paid', due: 0, subscription: 'expired' });
});

it('makes a void one a credit note whose money is account credit', async () => {
  const life = await sentLife();
  await record(life, 50_000);
  expect(await world.command(life, { type: 'void_invoice', invoiceId: life.invoiceId })).toMatchObject({
    kind: 'done',
  });
  expect(await standing(life)).toMatchObject({ status: 'void', balance: 50_000, due: 0 });
});

it('goes back at most once: by refund or by credit note', async () => {
  const life = await sentLife();
  const { paymentId } = await record(life, 50_000);
  const begin = async (amount: number | null) => {
    const refundId = await reserveId(world.test.database, 'refund');

    return refunds.beginRefund({ companyId: world.company.id, paymentId, refundId, amount, reason: 'nhầm' });
  };
  const begun: any = await begin(20_000);
  expect(begun).toMatchObject({ kind: 'done', value: { method: 'bank_transfer', transactionId: 'FT-7' } });
  expect(await begin(30_001)).toMatchObject({ kind: 'refused', error: { code: 'refund_exceeds_payment' } });
  await refunds.completeRefund({
    companyId: world.company.id,
    refundId: begun.value.refundId,
    outcome: { kind: 'succeeded', transactionId: null },
  });
  expect(await standing(life)).toMatchObject({ status: 'open', paid: 30_000, due: 58_900 });
  // What is due shrinks first, then what was received and is still here becomes credit.
  await world.command(life, { type: 'credit_invoice', invoiceId: life.invoiceId, amount: null, notes: null });
  expect(await standing(life)).toMatchObject({ status: 'void', due: 0, balance: 30_000 });
  expect(await begin(null)).toMatchObject({ kind: 'refused' });
});

it.each([
  ['of tomorrow', { receivedAt: '2026-03-01T17:00:00.000Z' }, 'invalid_date_sequence'],
  ['for an invoice that is not its own', { invoiceId: 999_999 }, 'not_found'],
])('is not recorded %s', async (_what, fields, code) => {
  const life = await sentLife();

  expect((await record(life, 1, fields)).code).toBe(code);
  expect(await standing(life)).toMatchObject({ paid: 0, due: 108_900 });
});
