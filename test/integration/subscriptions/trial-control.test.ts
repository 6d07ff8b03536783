import { forecastPlan, forecastSubscription } from '../../../domain/subscriptions/paper/forecast-subscription';
import { previewCommand } from '../../../domain/subscriptions/paper/preview-subscription';
import type { RequestedCommand } from '../../../domain/subscriptions/commands/subscription-command-schema';
import { openSubscriptionWorld, type Subscribed, type SubscriptionWorld } from './subscription-world';

/** 1 March, 0:00, in the customer's zone. */
const start = new Date('2026-02-28T17:00:00.000Z');
let world: SubscriptionWorld;

beforeAll(async () => {
  world = await openSubscriptionWorld(start);
});
afterAll(() => world?.close());

interface Row {
  status: string;
  trial_end: Date | null;
  is_trial_used: boolean;
  current_period_start: Date | null;
  activated_at: Date | null;
}

async function read({ subscriptionId }: Subscribed): Promise<Row> {
  const [row] = await world.rows<Row>('SELECT * FROM ordering.subscriptions WHERE id = $1', [subscriptionId]);

  return row as Row;
}

const endOf = async (life: Subscribed) => (await read(life)).trial_end?.toISOString() ?? null;
const trialEnds = (trialEnd: string): RequestedCommand => ({ type: 'change_trial', trialEnd });

/** What each invoice bills from, and its subtotal, oldest first. */
const billed = ({ subscriptionId }: Subscribed) =>
  world.rows<{ from: Date; subtotal: number }>(
    'SELECT period_start AS "from", subtotal::int FROM finance.invoices WHERE subscription_id = $1 ORDER BY id',
    [subscriptionId],
  );
const typesOf = async ({ subscriptionId }: Subscribed) =>
  (
    await world.rows<{ type: string }>(
      'SELECT type FROM platform.events WHERE company_id = $1 AND subject = $2 ORDER BY subject_seq',
      [world.company.id, `subscription/${subscriptionId}`],
    )
  ).map(({ type }) => type);
const subscribe = async (options: Parameters<SubscriptionWorld['subscribe']>[1]) =>
  world.subscribe(await world.addCustomer(), options);
const optionsOf = ({ subscriptionId }: Subscribed) => ({
  companyId: world.company.id,
  subscriptionId,
  gateways: world.gateways,
  now: start,
});

describe('a subscription begins', () => {
  it('with days of its own where its plan has no trial, or another', async () => {
    expect(await endOf(await subscribe({ plan: 0, fields: { trialDays: 5 } }))).toBe('2026-03-05T17:00:00.000Z');
    expect(await endOf(await subscribe({ plan: 1, useTrial: true, fields: { trialDays: 30 } }))).toBe(
      '2026-03-30T17:00:00.000Z',
    );
    expect(await endOf(await subscribe({ plan: 0, fields: { trialEnd: '2026-04-10' } }))).toBe(
      '2026-04-09T17:00:00.000Z',
    );
    const precise = await subscribe({ plan: 0, fields: { trialEnd: '2026-04-10T12:34:56+07:00' } });
    expect(await endOf(precise)).toBe('2026-04-10T05:34:56.000Z');
    expect(await read(precise)).toMatchObject({ status: 'trial', is_trial_used: true });
  });

  it('without a trial by 0 days, whatever its plan has, and keeps the one of the customer', async () => {
    const customer = await world.addCustomer();
    const without = await world.subscribe(customer, { plan: 1, useTrial: true, fields: { trialDays: 0 } });
    expect(await read(without)).toMatchObject({ status: 'active', trial_end: null, is_trial_used: false });

    expect(await endOf(await world.subscribe(customer, { plan: 1, useTrial: true }))).toBe('2026-03-14T17:00:00.000Z');
    // Whoever has had a trial may still begin without one.
    expect(await read(await world.subscribe(customer, { plan: 1, fields: { trialDays: 0 } }))).toMatchObject({
      trial_end: null,
    });
  });

  it('as its forecast says', async () => {
    const planned = {
      planId: world.plans[0] as number,
      quantity: 1,
      billingAnchorDay: null,
      endsAt: null,
      from: start,
    };
    const foreseen = await world.test.database.withTenantSnapshot(world.company.id, (tx) =>
      forecastPlan(tx, { ...planned, useTrial: false, trialEnd: '2026-03-21' }, new Date('2026-05-01T00:00:00Z')),
    );

    expect(foreseen.trialEnd).toBe('2026-03-21T00:00:00+07:00');
    expect(foreseen.invoices.map(({ periodStart }) => periodStart)).toEqual([
      '2026-03-21T00:00:00+07:00',
      '2026-04-21T00:00:00+07:00',
    ]);
  });

  it('with no forecast of a trial that it would be refused', async () => {
    const customer = await world.addCustomer();
    await world.subscribe(customer, { plan: 1, useTrial: true });
    const { customerId } = customer;
    const planned = { planId: world.plans[1] as number, customerId, quantity: 1, billingAnchorDay: null, endsAt: null };

    await expect(
      world.test.database.withTenantSnapshot(world.company.id, (tx) =>
        forecastPlan(tx, { ...planned, from: start, useTrial: true }, new Date('2026-05-01T00:00:00Z')),
      ),
    ).rejects.toMatchObject({ code: 'trial_unavailable', field: '/useTrial' });
  });

  it('with one trial alone, also where two are asked for at the same moment', async () => {
    const customer = await world.addCustomer();
    const asked = { plan: 1, token: null, useTrial: true };
    const answers = await Promise.allSettled([world.subscribe(customer, asked), world.subscribe(customer, asked)]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const trials = await world.rows(`SELECT FROM ordering.subscriptions WHERE customer_id = $1`, [customer.customerId]);
    expect(trials).toHaveLength(1);
  });

  it.each([
    ['a trial of the past', { trialEnd: '2026-02-27' }, 'invalid_date_sequence', '/trialEnd'],
    ['a trial of more than two years', { trialEnd: '2028-04-01' }, 'invalid_date_sequence', '/trialEnd'],
    ['both days and an end', { trialDays: 3, trialEnd: '2026-04-01' }, 'validation_failed', '/trialEnd'],
    ['a second trial', { trialDays: 3, isSecond: true }, 'trial_unavailable', '/trialDays'],
  ])('not with %s', async (_what, { isSecond = false, ...trial }: Record<string, any>, code, field) => {
    const customer = await world.addCustomer();

    if (isSecond) {
      await world.subscribe(customer, { plan: 1, useTrial: true });
    }
    const subscriptionId = 900_000 + Math.floor(customer.customerId);
    const create = { companyId: world.company.id, subscriptionId, customerId: customer.customerId };
    const refused = await world.steps.createSubscription({
      ...create,
      planId: world.plans[0] as number,
      useTrial: false,
      quantity: 1,
      paymentMethod: null,
      paymentMethodId: null,
      ...trial,
    });

    expect(refused).toMatchObject({ kind: 'refused', error: { code, field } });
    expect(await world.rows('SELECT 1 FROM ordering.subscriptions WHERE id = $1', [subscriptionId])).toEqual([]);
  });
});

describe('a trial', () => {
  it('that is extended goes on, is told of again, and is followed by the first paid period', async () => {
    const life = await subscribe({ plan: 1, useTrial: true });
    await world.advance(life, '2026-03-13T00:00:00Z');
    expect(await typesOf(life)).toEqual([
      'subscription.created',
      'subscription.trial.started',
      'subscription.trial.ending',
    ]);
    const preview = await previewCommand(world.test.database, trialEnds('2026-04-20'), optionsOf(life));
    expect(preview).toMatchObject({ invoices: [], dueAmount: 0 });
    expect(await world.command(life, trialEnds('2026-04-20'))).toMatchObject({ kind: 'done' });
    const foreseen = await world.test.database.withTenantSnapshot(world.company.id, (tx) =>
      forecastSubscription(tx, {
        subscriptionId: life.subscriptionId,
        until: new Date('2026-05-01T00:00:00Z'),
        now: start,
      }),
    );
    await world.advance(life, '2026-04-19T16:59:59Z');
    expect(await billed(life)).toEqual([]);
    expect((await typesOf(life)).slice(3)).toEqual(['subscription.updated', 'subscription.trial.ending']);
    await world.advance(life, '2026-05-01T00:00:00Z');

    expect(await billed(life)).toEqual([{ from: new Date('2026-04-19T17:00:00Z'), subtotal: 299_000 }]);
    expect(foreseen.invoices).toMatchObject([{ periodStart: '2026-04-20T00:00:00+07:00', subtotal: 299_000 }]);
    expect(await read(life)).toMatchObject({ status: 'active', activated_at: new Date('2026-04-19T17:00:00Z') });
    expect(
      await world.rows(
        'SELECT action, details FROM ordering.subscription_history WHERE subscription_id = $1 AND action = $2',
        [life.subscriptionId, 'trial_changed'],
      ),
    ).toEqual([
      {
        action: 'trial_changed',
        details: 'the trial ends 2026-04-19T17:00:00.000Z, not 2026-03-14T17:00:00.000Z',
      },
    ]);
  });

  it('that is shortened, or ended now, bills there what the preview says', async () => {
    const life = await subscribe({ plan: 1, useTrial: true });
    await world.command(life, trialEnds('2026-03-10'));
    await world.advance(life, '2026-03-04T05:00:00Z');
    const preview = await previewCommand(world.test.database, trialEnds('now'), optionsOf(life));
    expect(preview).toMatchObject({ invoices: [{ purpose: 'first', subtotal: 299_000, tax: 29_900 }] });
    const commandId = 'the same';
    expect(await world.command(life, trialEnds('now'), commandId)).toMatchObject({ kind: 'done' });
    // A repeat is the same command; another one is too late.
    expect(await world.command(life, trialEnds('now'), commandId)).toMatchObject({ kind: 'done' });
    expect(await world.command(life, trialEnds('now'))).toMatchObject({
      kind: 'refused',
      error: { code: 'subscription_state' },
    });

    expect(await billed(life)).toEqual([{ from: new Date('2026-03-04T05:00:00Z'), subtotal: 299_000 }]);
    expect(await endOf(life)).toBe('2026-03-04T05:00:00.000Z');
    expect(await typesOf(life)).toEqual(
      expect.arrayContaining(['subscription.trial.ended', 'invoice.created', 'subscription.activated']),
    );
  });

  it.each([
    ['yesterday', '2026-02-27', 'invalid_date_sequence'],
    ['too far ahead', '2030-01-01', 'invalid_date_sequence'],
    ['when it does already', '2026-03-15', 'no_change'],
  ])('does not end %s, and nothing changes', async (_when, trialEnd, code) => {
    const life = await subscribe({ plan: 1, useTrial: true });
    const before = await read(life);

    expect(await world.command(life, trialEnds(trialEnd))).toMatchObject({
      kind: 'refused',
      error: { code, field: '/trialEnd' },
    });
    expect(await read(life)).toEqual(before);
  });
});
