import { grantCredit } from '../../../domain/billing/account/grant-credit';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand, previewUpcomingInvoice } from '../../../domain/subscriptions/paper/preview-subscription';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** 1 March, 0:00, in the customer's zone. Months of 99,000, with the tax 108,900. */
const start = new Date('2026-02-28T17:00:00.000Z');
const [march10, april1, april2, may1, may2] = [
  '2026-03-09T17:00:00.000Z',
  '2026-03-31T17:00:00.000Z',
  '2026-04-01T17:00:00.000Z',
  '2026-04-30T17:00:00.000Z',
  '2026-05-01T17:00:00.000Z',
] as const;
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

interface InvoiceRow {
  id: string;
  status: string;
  number: string | null;
  from: Date;
  made: Date;
  due: number;
  dueDate: Date | null;
  balanceApplied: number;
}

const invoicesOf = ({ subscriptionId }: Subscribed) =>
  world.rows<InvoiceRow>(
    `SELECT id, status, invoice_number AS number, period_start AS "from", created_at AS made, due_amount::int AS due, due_date AS "dueDate",
            balance_applied::int AS "balanceApplied"
       FROM finance.invoices WHERE subscription_id = $1 ORDER BY id`,
    [subscriptionId],
  );
const pauseWith = (behavior: string, resumesAt: string | null = null): RequestedCommand =>
  ({ type: 'pause_collection', behavior, resumesAt }) as RequestedCommand;
const resume: RequestedCommand = { type: 'resume_collection' };

async function rowOf({ subscriptionId }: Subscribed): Promise<Record<string, unknown>> {
  const [row] = await world.rows<Record<string, unknown>>('SELECT * FROM ordering.subscriptions WHERE id = $1', [
    subscriptionId,
  ]);

  return row ?? {};
}

const charges = ({ subscriptionId }: Subscribed) =>
  world.rows<{ paid: number }>(
    'SELECT paid_amount::int AS paid FROM finance.payments WHERE subscription_id = $1 ORDER BY id',
    [subscriptionId],
  );
const noticesOf = async ({ subscriptionId }: Subscribed) =>
  (
    await world.rows<{ kind: string }>(
      'SELECT kind FROM platform.notices WHERE company_id = $1 AND subject = $2 ORDER BY id',
      [world.company.id, `subscription/${subscriptionId}`],
    )
  ).map(({ kind }) => kind);
const done = { kind: 'done' };
const refused = (code: string, field?: string) => ({
  kind: 'refused',
  error: field === undefined ? { code } : { code, field },
});
const optionsOf = ({ subscriptionId }: Subscribed) => ({
  companyId: world.company.id,
  subscriptionId,
  gateways: world.gateways,
  now: start,
});

/** Charged by its card, with collection paused on 10 March. */
async function paused(behavior: string, resumesAt: string | null = null, token: string | null = 'tok_ok') {
  const life = await world.subscribe(await world.addCustomer(), { token });

  if (token === null) {
    await payFirst(life);
  }
  await world.advance(life, march10);
  expect(await world.command(life, pauseWith(behavior, resumesAt))).toMatchObject(done);

  return life;
}

async function payFirst(life: Subscribed): Promise<void> {
  const [invoice] = await invoicesOf(life);
  await world.command(life, {
    type: 'record_payment',
    invoiceId: Number(invoice?.id),
    paymentId: await reserveId(world.test.database, 'payment'),
    amount: invoice?.due,
    method: 'cash',
    reference: 'Q-1',
    receivedAt: null,
  });
}

describe('void', () => {
  it('makes invoices at the boundary, numbered and void, which bill nothing; and collects again from its end on', async () => {
    const life = await paused('void', '2026-04-15');
    await world.advance(life, april2);
    expect(await rowOf(life)).toMatchObject({
      status: 'active',
      collection_behavior: 'void',
      collection_resumes_at: new Date('2026-04-14T17:00:00Z'),
      next_deadline: 'collection_resume',
      current_period_start: new Date(april1),
    });
    await world.advance(life, may2);

    expect(await invoicesOf(life)).toMatchObject([
      { status: 'paid', from: start },
      { status: 'void', from: new Date(april1), made: new Date(april1), due: 0, number: expect.any(String) },
      { status: 'paid', from: new Date(may1) },
    ]);
    expect(await charges(life)).toHaveLength(2);
    expect(await rowOf(life)).toMatchObject({ status: 'active', collection_behavior: null });
    // Nothing is billed of April: nothing is given back of it.
    expect(
      await world.rows('SELECT 1 FROM finance.billed_service WHERE subscription_id = $1 AND released_at IS NOT NULL', [
        life.subscriptionId,
      ]),
    ).toHaveLength(1);
  });
});

describe('mark_uncollectible', () => {
  it('makes final invoices that nobody is asked for: no charge, no credit, no reminder, no arrears', async () => {
    const life = await paused('mark_uncollectible');
    await giveCredit(life, 50_000);
    await world.advance(life, '2026-04-25T00:00:00Z');

    expect(await invoicesOf(life)).toMatchObject([
      { status: 'paid' },
      { status: 'uncollectible', from: new Date(april1), due: 108_900, balanceApplied: 0 },
    ]);
    expect(await rowOf(life)).toMatchObject({ status: 'active' });
    expect(await charges(life)).toHaveLength(1);
    expect(await noticesOf(life)).not.toEqual(expect.arrayContaining(['invoice_overdue']));
    expect(await noticesOf(life)).not.toEqual(expect.arrayContaining(['renewal_upcoming']));
    expect(await world.command(life, resume)).toMatchObject(done);
    await world.advance(life, may2);

    const [, given, next] = await invoicesOf(life);
    expect(given).toMatchObject({ status: 'uncollectible', due: 108_900 });
    expect(next).toMatchObject({ status: 'paid', balanceApplied: 50_000 });
  });
});

describe('keep_as_draft', () => {
  it('keeps drafts without numbers or due dates, which are due from its end on and charged together', async () => {
    const life = await paused('keep_as_draft');
    await world.advance(life, may2);
    expect(await invoicesOf(life)).toMatchObject([
      { status: 'paid' },
      { status: 'draft', number: null, dueDate: null, from: new Date(april1), due: 108_900 },
      { status: 'draft', number: null, dueDate: null, from: new Date(may1) },
    ]);
    expect(await charges(life)).toHaveLength(1);
    await giveCredit(life, 10_000);
    const commandId = 'resumed once';
    expect(await world.command(life, resume, commandId)).toMatchObject(done);
    expect(await world.command(life, resume, commandId)).toMatchObject(done);

    const drafts = (await invoicesOf(life)).slice(1);
    const dueDate = new Date(Date.parse(may2) + 7 * 86_400_000);
    expect(drafts).toMatchObject([
      { number: expect.any(String), dueDate, balanceApplied: 10_000 },
      { number: expect.any(String), dueDate, balanceApplied: 0 },
    ]);
    await world.advance(life, '2026-05-03T00:00:00Z');
    expect((await invoicesOf(life)).map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
    expect(await charges(life)).toHaveLength(3);
    expect(await world.command(life, resume)).toMatchObject(refused('subscription_state'));
  });

  it('asks by notices for what it kept, where invoices are sent, and dunning follows the new due date', async () => {
    const life = await paused('keep_as_draft', '2026-04-10', null);
    await world.advance(life, '2026-04-09T16:59:59.000Z');
    expect((await noticesOf(life)).slice(-1)).toEqual(['collection_paused']);
    await world.advance(life, '2026-04-16T16:59:59.000Z');
    expect((await noticesOf(life)).slice(-2)).toEqual(
      expect.arrayContaining(['collection_resumed', 'invoice_after_pause']),
    );
    expect(await rowOf(life)).toMatchObject({ status: 'active' });
    await world.advance(life, '2026-04-16T17:00:00.000Z');

    expect(await rowOf(life)).toMatchObject({ status: 'past_due' });
  });

  it('numbers its drafts where the subscription ends, and gives back what is unused of them', async () => {
    const life = await paused('keep_as_draft');
    await world.advance(life, '2026-04-15T17:00:00.000Z');
    const cancelNow = { type: 'cancel', reason: null, cancelAtPeriodEnd: false, creditUnused: 'prorate' };
    const preview = await previewCommand(world.test.database, cancelNow as RequestedCommand, optionsOf(life));
    expect(await world.command(life, cancelNow)).toMatchObject(done);

    // Half of April is used, and charged.
    expect(await invoicesOf(life)).toMatchObject([{ status: 'paid' }, { status: 'paid', number: expect.any(String) }]);
    expect(await charges(life)).toMatchObject([{ paid: 108_900 }, { paid: 54_450 }]);
    expect(preview.creditNotes).toMatchObject([{ totalAmount: -54_450, reducedDue: 54_450 }]);
    expect(await rowOf(life)).toMatchObject({ status: 'cancelled', collection_behavior: null });
  });

  it('refuses what would give back a part of a draft, and changes nothing by it', async () => {
    const life = await paused('keep_as_draft');
    const upgrade = {
      type: 'change_plan',
      newPlanId: world.plans[1],
      quantity: null,
      immediate: true,
      prorationDate: null,
    };
    await world.advance(life, april2);
    const before = await rowOf(life);
    expect(await world.command(life, upgrade)).toMatchObject(refused('collection_paused'));
    expect(await world.command(life, { ...upgrade, prorationBehavior: 'next_invoice' })).toMatchObject(
      refused('collection_paused'),
    );
    await expect(
      previewCommand(world.test.database, upgrade as RequestedCommand, optionsOf(life)),
    ).rejects.toMatchObject({ code: 'collection_paused' });
    expect(await rowOf(life)).toEqual(before);

    await world.command(life, resume);
    await world.advance(life, '2026-04-02T17:00:00.000Z');
    expect(await world.command(life, upgrade)).toMatchObject(done);
  });

  it('is foreseen: drafts, when they are due, and what the next invoice comes to', async () => {
    const life = await paused('keep_as_draft', '2026-05-10');
    const until = new Date('2026-07-15T00:00:00Z');
    const foreseen = await world.test.database.withTenantSnapshot(world.company.id, (tx) =>
      forecastSubscription(tx, { subscriptionId: life.subscriptionId, until, now: start }),
    );
    const upcoming = await previewUpcomingInvoice(world.test.database, optionsOf(life));

    expect(foreseen.invoices).toMatchObject([
      { uncollected: 'keep_as_draft', issuedAt: '2026-04-01T00:00:00+07:00', dueDate: '2026-05-17T00:00:00+07:00' },
      { uncollected: 'keep_as_draft', issuedAt: '2026-05-01T00:00:00+07:00', dueDate: '2026-05-17T00:00:00+07:00' },
      { uncollected: null },
      { uncollected: null },
    ]);
    expect(upcoming).toMatchObject({
      invoices: [{ status: 'draft', dueDate: null, totalAmount: 108_900 }],
      dueAmount: 0,
    });
  });
});

it('is refused in a trial, before the first payment, in the past and as it is; its history and its events say all of it', async () => {
  const tried = await world.subscribe(await world.addCustomer(), { plan: 1, useTrial: true });
  expect(await world.command(tried, pauseWith('void'))).toMatchObject(refused('subscription_state'));
  const unpaid = await world.subscribe(await world.addCustomer(), { token: null });
  expect(await world.command(unpaid, pauseWith('void'))).toMatchObject(refused('subscription_state'));

  const life = await paused('void', '2026-04-15');
  expect(await world.command(life, pauseWith('void', '2026-04-15'))).toMatchObject(refused('no_change'));
  expect(await world.command(life, pauseWith('void', '2026-03-10'))).toMatchObject(
    refused('invalid_date_sequence', '/resumesAt'),
  );
  expect(await world.command(life, pauseWith('mark_uncollectible'))).toMatchObject(done);
  await world.command(life, resume);
  expect(
    await world.rows(
      "SELECT details FROM ordering.subscription_history WHERE subscription_id = $1 AND action = 'collection_changed' ORDER BY id",
      [life.subscriptionId],
    ),
  ).toEqual([
    { details: 'collection is paused until 2026-04-14T17:00:00.000Z: void' },
    { details: 'collection is paused: mark_uncollectible' },
    { details: 'collection goes on' },
  ]);
  expect(
    await world.rows(
      "SELECT type FROM platform.events WHERE company_id = $1 AND subject = $2 AND type LIKE 'subscription.collection.%' ORDER BY subject_seq",
      [world.company.id, `subscription/${life.subscriptionId}`],
    ),
  ).toEqual([
    { type: 'subscription.collection.paused' },
    { type: 'subscription.collection.paused' },
    { type: 'subscription.collection.resumed' },
  ]);
});

it('takes the invoice of the next period back that nobody has paid, and collects again at once what comes after it', async () => {
  const life = await world.subscribe(await world.addCustomer());
  await world.advance(life, '2026-03-30T00:00:00.000Z');
  expect(await invoicesOf(life)).toMatchObject([{ status: 'paid' }, { status: 'open', from: new Date(april1) }]);
  await world.command(life, pauseWith('void'));
  expect(await invoicesOf(life)).toMatchObject([{ status: 'paid' }, { status: 'void' }]);
  await world.command(life, resume);
  await world.advance(life, april2);

  expect(await invoicesOf(life)).toMatchObject([{ status: 'paid' }, { status: 'void' }, { status: 'paid' }]);
});

async function giveCredit({ customerId }: Subscribed, amount: number): Promise<void> {
  const creditGrantId = await reserveId(world.test.database, 'creditGrant');
  await world.test.database.withTenantSql(world.company.id, (tx) =>
    grantCredit(tx, {
      creditGrantId,
      customerId,
      amount,
      currency: null,
      reason: 'a gift',
      expiresAt: null,
      now: start,
    }),
  );
}
