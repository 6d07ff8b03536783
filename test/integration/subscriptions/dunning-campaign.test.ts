import { runSubscription } from '../../../domain/subscriptions/steps/run-subscription';
import { type DunningWorld, openDunningWorld } from './dunning-world';

const at = (text: string) => new Date(`${text}+07:00`);
const asks = { dunningCampaign: { maxAttempts: 2, daysBetween: 2 }, overdueThresholds: { VND: 150_000 } };

let world: DunningWorld;

beforeAll(async () => {
  world = await openDunningWorld({ taxRatePpm: 0, dunningEndAction: 'leave', ...asks }, at('2025-10-26T00:00:00'));
});
beforeEach(() => world.set(asks));
afterAll(() => world?.close());

/** Started on 26 October, overdue on 3 December. */
async function owing(price: number, customerId?: number) {
  const customer = customerId ?? (await world.addCustomer());
  const id = await world.subscribe(customer, price, at('2025-10-26T00:00:00'));

  return { customer, id };
}

async function overdue(id: number, now = at('2025-12-03T00:00:00')): Promise<number> {
  const { campaign } = await world.catchUp(id, now);
  expect(campaign).not.toBeNull();

  return campaign?.campaignId ?? 0;
}

const standing = async (campaignId: number) => {
  const [row] = await world.query(
    `SELECT g.status, g.next_look_at, g.finished_at, g.closed_at,
       (SELECT jsonb_agg(jsonb_build_object('attempt', r.attempt, 'amount', r.amount, 'on', r.requested_on,
          'invoices', (SELECT count(*) FROM finance.payment_request_invoices i WHERE i.payment_request_id = r.id)) ORDER BY r.id)
          FROM finance.payment_requests r WHERE r.dunning_campaign_id = g.id) AS requests,
       (SELECT jsonb_agg(e.type ORDER BY e.subject_seq) FROM platform.events e WHERE e.company_id = g.company_id AND e.subject = 'dunning/' || g.id) AS events,
       (SELECT count(*)::int FROM platform.notices n WHERE n.company_id = g.company_id AND n.subject = 'dunning/' || g.id) AS notices
       FROM finance.dunning_campaigns g WHERE g.id = $1`,
    [campaignId],
  );

  return row;
};

it('asks once at the first hour of looks, however often it looks, and not before', async () => {
  const { id, customer } = await owing(200_000);
  const campaignId = await overdue(id);
  const early = await world.look(campaignId, at('2025-12-03T08:59:59'));
  expect(early).toEqual({ attempts: 0, nextLookAt: at('2025-12-03T09:00:00').getTime() });
  expect(await standing(campaignId)).toMatchObject({ status: 'active', requests: null, notices: 0 });

  // Two at once, and one whose answer was lost.
  const nine = at('2025-12-03T09:00:00');
  const asked = { attempts: 1, nextLookAt: at('2025-12-06T09:00:00').getTime() };
  expect(await Promise.all([world.look(campaignId, nine), world.look(campaignId, nine)])).toEqual([asked, asked]);
  expect(await world.look(campaignId, at('2025-12-05T23:00:00'))).toEqual(asked);
  expect(await standing(campaignId)).toMatchObject({
    requests: [{ attempt: 1, amount: 200_000, on: '2025-12-03', invoices: 1 }],
    events: ['payment_request.created'],
    notices: 1,
  });
  const [notice] = await world.query(
    'SELECT kind, data FROM platform.notices WHERE customer_id = $1 ORDER BY id DESC',
    [customer],
  );
  const invoices = [{ due: 200_000, number: expect.any(String), invoiceId: expect.any(Number) }];
  expect(notice).toMatchObject({ kind: 'payment_request', data: { amount: 200_000, currency: 'VND', invoices } });
});

it('loses nothing and repeats nothing when a look is lost before its end', async () => {
  const { id } = await owing(200_000);
  const campaignId = await overdue(id);
  const now = at('2025-12-03T09:00:00');
  await world.query(
    `ALTER TABLE platform.events ADD CONSTRAINT lost CHECK (type <> 'payment_request.created') NOT VALID`,
  );
  await expect(world.look(campaignId, now)).rejects.toThrow();
  await world.query('ALTER TABLE platform.events DROP CONSTRAINT lost');
  expect(await standing(campaignId)).toMatchObject({ requests: null, events: null, notices: 0 });

  await world.look(campaignId, now);
  expect(await standing(campaignId)).toMatchObject({ requests: [{ attempt: 1 }], notices: 1 });
});

it('waits below the threshold, looks again on the day that more is overdue, and finishes once', async () => {
  const { id, customer } = await owing(149_000);
  const campaignId = await overdue(id);
  expect(await world.look(campaignId, at('2025-12-03T09:00:00'))).toEqual({
    attempts: 0,
    nextLookAt: at('2026-01-02T09:00:00').getTime(),
  });
  const other = await world.subscribe(customer, 6_000, at('2025-10-29T00:00:00'));
  const run = await world.catchUp(other, at('2025-12-06T00:00:00'));
  expect(run.campaign).toEqual({ campaignId, nextLookAt: at('2025-12-06T09:00:00').getTime() });

  await world.look(campaignId, at('2025-12-06T09:00:00'));
  await world.look(campaignId, at('2025-12-08T09:00:00'));
  await world.look(campaignId, at('2025-12-09T09:00:00'));
  const finished = await standing(campaignId);
  expect(finished).toMatchObject({
    status: 'finished',
    next_look_at: null,
    finished_at: at('2025-12-09T09:00:00'),
    requests: [
      { attempt: 1, amount: 155_000, on: '2025-12-06', invoices: 2 },
      { attempt: 2, amount: 155_000, on: '2025-12-09', invoices: 2 },
    ],
    events: ['payment_request.created', 'payment_request.created', 'dunning_campaign.finished'],
  });
  expect(await world.look(campaignId, at('2026-03-01T09:00:00'))).toEqual({ attempts: 2, nextLookAt: null });
  expect(await standing(campaignId)).toEqual(finished);
  expect((await world.run(other, { kind: 'due' }, at('2025-12-10T09:00:00'))).campaign).toBeNull();
});

it('is closed by payment when nothing is overdue any more; a later debt begins another', async () => {
  const { id, customer } = await owing(100_000);
  const { id: other } = await owing(100_000, customer);
  const campaignId = await overdue(id);
  expect(await overdue(other)).toBe(campaignId);
  const now = at('2025-12-04T00:00:00');
  await world.look(campaignId, at('2025-12-03T09:00:00'));
  await world.pay(id, now);
  expect(await standing(campaignId)).toMatchObject({ status: 'active', closed_at: null });
  await world.pay(other, now);
  expect(await standing(campaignId)).toMatchObject({ status: 'closed', next_look_at: null, closed_at: now });

  // The look it waited for finds it closed.
  expect(await world.look(campaignId, at('2025-12-06T09:00:00'))).toEqual({ attempts: 1, nextLookAt: null });
  expect(await standing(campaignId)).toMatchObject({ requests: [{ attempt: 1 }], notices: 1 });
  const next = await overdue(id, at('2026-01-03T00:00:00'));
  expect(next).not.toBe(campaignId);
  expect(await standing(next)).toMatchObject({ status: 'active', requests: null });
});

it('is closed when one invoice is given up while the other is being paid', async () => {
  await world.set({ dunningEndAction: 'expire' });
  const { id, customer } = await owing(100_000);
  const { id: other } = await owing(100_000, customer);
  const campaignId = await overdue(id);
  expect(await overdue(other)).toBe(campaignId);
  let now = at('2025-12-03T00:00:00');

  for (let kind = ''; kind !== 'dunning_end';) {
    const { deadline } = (await world.catchUp(id, now)).standing;
    now = new Date(deadline?.at ?? 0);
    kind = deadline?.kind ?? 'dunning_end';
  }
  const paymentId = await world.receive(other, now);
  let paying: Promise<unknown> = Promise.resolve();
  await world.test.database.withTenantSql(world.company.id, async (tx) => {
    await runSubscription(tx, { subscriptionId: id, work: { kind: 'due' } }, { gateways: world.gateways, now });
    paying = world.run(other, { kind: 'payment', paymentId }, now);
    // It has to wait: whether the other invoice is still asked for is not decided before this commits.
    await Promise.race([paying, new Promise((resolve) => setTimeout(resolve, 300))]);
  });
  await paying;
  await world.set({ dunningEndAction: 'leave' });

  expect(
    await world.query('SELECT status FROM finance.invoices WHERE customer_id = $1 ORDER BY status', [customer]),
  ).toEqual(['paid', 'paid', 'paid', 'uncollectible'].map((status) => ({ status })));
  expect(await standing(campaignId)).toMatchObject({ status: 'closed', closed_at: now });
});

it('closes without a word when the company wants no requests any more', async () => {
  const { id } = await owing(200_000);
  const campaignId = await overdue(id);
  await world.set({ dunningCampaign: null });
  expect(await world.look(campaignId, at('2025-12-03T09:00:00'))).toEqual({ attempts: 0, nextLookAt: null });

  expect(await standing(campaignId)).toMatchObject({ status: 'closed', requests: null, notices: 0 });
});

it('has no campaign where the company wants none', async () => {
  await world.set({ dunningCampaign: null });
  const { id } = await owing(200_000);

  expect((await world.catchUp(id, at('2025-12-03T00:00:00'))).campaign).toBeNull();
  expect(
    await world.query(
      'SELECT FROM finance.dunning_campaigns g JOIN ordering.subscriptions s USING (customer_id) WHERE s.id = $1',
      [id],
    ),
  ).toEqual([]);
});

it('looks at nine in the zone of the account, also where the clocks have changed meanwhile', async () => {
  const customer = await world.addCustomer('America/New_York');
  const id = await world.subscribe(customer, 200_000, new Date('2026-01-30T17:00:00Z'));
  const campaignId = await overdue(id, new Date('2026-03-07T17:00:00Z'));
  await world.look(campaignId, new Date('2026-03-08T13:00:00Z'));
  const [row] = await world.query<{ requested_on: string; next: Date }>(
    `SELECT r.requested_on::text, g.next_look_at AS next FROM finance.dunning_campaigns g JOIN finance.payment_requests r ON r.dunning_campaign_id = g.id
      WHERE g.id = $1`,
    [campaignId],
  );

  expect(row).toEqual({ requested_on: '2026-03-08', next: new Date('2026-03-11T13:00:00Z') });
});
