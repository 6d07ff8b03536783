import { Client, Connection } from '@temporalio/client';

import { testSystem } from '../../environment/test-system';
import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan();
});

const subscribeOn = async (clockId: number, paymentToken = 'tok_ok') => {
  const customerId = await shop.addCustomer(clockId);

  return (await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken })).id as number;
};

it('refuses to stand still, to go back, and a target of its own while it is on its way', async () => {
  const clockId = await shop.addClock();
  const back = await shop.admin.post(`/test-clocks/${clockId}/advance`, { to: '2025-10-25T00:00:00+07:00' });
  const still = await shop.admin.post(`/test-clocks/${clockId}/advance`, { to: firstDay });

  expect([problemOf(back), problemOf(still)]).toEqual(Array(2).fill('422 test_clock_backwards /to'));
  await testSystem().query(
    "UPDATE ordering.test_clocks SET status = 'advancing', target = now + interval '1 day' WHERE id = $1",
    [clockId],
  );
  const busy = await shop.admin.post(`/test-clocks/${clockId}/advance`, { to: daysAfter(firstDay, 9) });
  expect(problemOf(busy)).toBe('409 test_clock_busy');

  // An advance that was lost goes on when it is asked for again.
  expect(await shop.advance(clockId, daysAfter(firstDay, 1))).toMatchObject({ status: 'ready' });
});

it('keeps the order of time among its subscriptions', async () => {
  const clockId = await shop.addClock();
  const first = await subscribeOn(clockId);
  await shop.advance(clockId, daysAfter(firstDay, 2));
  const second = await subscribeOn(clockId);
  await shop.advance(clockId, daysAfter(firstDay, 100));
  const rows = await testSystem().query<{ occurred_at: Date; subject: string }>(
    `SELECT occurred_at, subject FROM platform.events WHERE company_id = $1 AND subject = ANY ($2) AND type = 'subscription.renewed' ORDER BY id`,
    [shop.company.id, [first, second].map((id) => `subscription/${id}`)],
  );
  const { body: clock } = await shop.admin.get(`/test-clocks/${clockId}`);
  const times = rows.map(({ occurred_at }) => occurred_at.getTime());

  expect(rows).toHaveLength(6);
  expect(clock.report).toMatchObject({
    from: '2025-10-28T00:00:00+07:00',
    events: { 'subscription.renewed': 6, 'payment.success': 6 },
  });
  expect(times).toEqual([...times].sort((left, right) => left - right));
});

it('tells its times, and why it does not turn, in the zone of the company', async () => {
  const clockId = await shop.addClock();
  const now = (await shop.admin.get(`/test-clocks/${clockId}`)).body.now;
  const { body: problem } = await shop.admin.post(`/test-clocks/${clockId}/advance`, { to: '2001-01-01T00:00:00Z' });

  expect(now).toMatch(/\+07:00$/);
  expect(problem).toMatchObject({ code: 'test_clock_backwards', now, detail: `The clock stands at ${now} already.` });
  await shop.admin.put('/company/settings', { timeZone: 'America/New_York' });
  expect((await shop.admin.get(`/test-clocks/${clockId}`)).body.now).toMatch(/-0[45]:00$/);
  await shop.admin.put('/company/settings', { timeZone: null });
});

it('turns ten years of months; the workflow is told at the end, and goes on in a new run after a dozen such advances', async () => {
  const clockId = await shop.addClock();
  const id = await subscribeOn(clockId);
  await shop.advance(clockId, '2035-10-27T00:00:00+07:00');
  const invoices = await testSystem().query<{ count: string; paid: string; numbers: string; periods: string }>(
    `SELECT count(*), count(*) FILTER (WHERE status = 'paid') AS paid, count(DISTINCT invoice_number) AS numbers,
            count(DISTINCT period_start) AS periods FROM finance.invoices WHERE subscription_id = $1`,
    [id],
  );
  expect(invoices).toEqual([{ count: '121', paid: '121', numbers: '121', periods: '121' }]);

  const { temporalAddress, temporalNamespace } = testSystem();
  const connection = await Connection.connect({ address: temporalAddress });

  try {
    const client = new Client({ connection, namespace: temporalNamespace });
    const told = async () => {
      const handle = client.workflow.getHandle(`subscription/${id}`);
      const { periodEnd } = await handle.query<{ periodEnd: string }>('status');

      return { periodEnd, runId: (await handle.describe()).runId };
    };
    const tenYears = await told();
    expect(tenYears.periodEnd).toBe((await shop.read(id)).currentPeriodEnd);

    for (let month = 1; month <= 12; month += 1) {
      await shop.advance(clockId, daysAfter('2035-10-27T00:00:00+07:00', 31 * month));
    }
    const anotherYear = await told();
    expect(anotherYear.periodEnd).toBe((await shop.read(id)).currentPeriodEnd);
    expect(anotherYear.runId).not.toBe(tenYears.runId);
  } finally {
    await connection.close();
  }
});

it('ends the workflow of a subscription that ends on its way, and begins none of one that is over', async () => {
  const clockId = await shop.addClock();
  const [over, ending] = [await subscribeOn(clockId), await subscribeOn(clockId)];
  await shop.admin.post(`/subscriptions/${over}/cancel`, { cancelAtPeriodEnd: false });
  await shop.admin.post(`/subscriptions/${ending}/cancel`, { cancelAtPeriodEnd: true });
  const { temporalAddress, temporalNamespace } = testSystem();
  const connection = await Connection.connect({ address: temporalAddress });

  try {
    const { workflow } = new Client({ connection, namespace: temporalNamespace });
    const runOf = async (id: number) => {
      const { runId, status } = await workflow.getHandle(`subscription/${id}`).describe();

      return { runId, status: status.name };
    };
    const ended = await until(
      () => runOf(over),
      ({ status }) => status === 'COMPLETED',
    );
    const { runId } = await runOf(ending);
    await shop.advance(clockId, daysAfter(firstDay, 90));

    expect(await runOf(over)).toEqual(ended);
    expect(
      await until(
        () => runOf(ending),
        ({ status }) => status === 'COMPLETED',
      ),
    ).toEqual({ runId, status: 'COMPLETED' });
  } finally {
    await connection.close();
  }
});

it('with a provider that is away for two hours hangs nothing and charges nothing twice', async () => {
  const clockId = await shop.addClock();
  const [cancelled, changed, paused] = [
    await subscribeOn(clockId),
    await subscribeOn(clockId),
    await subscribeOn(clockId),
  ] as const;
  await testSystem().query(
    `INSERT INTO sandbox.card_outages (subject, starts_at, ends_at)
     SELECT 'customer/' || customer_id, '2025-11-25T17:00:00Z', '2025-11-25T19:00:00Z' FROM ordering.subscriptions WHERE id = ANY ($1)`,
    [[cancelled, changed, paused]],
  );
  const other = await shop.addPlan({ price: 599_000 });
  await shop.advance(clockId, '2025-11-26T01:00:00+07:00');
  expect(await shop.read(cancelled)).toMatchObject({ status: 'active', nextDeadline: 'ask_provider' });
  const cancel = await shop.admin.post(`/subscriptions/${cancelled}/cancel`, { cancelAtPeriodEnd: false });
  const change = await shop.admin.post(`/subscriptions/${changed}/change-plan`, { newPlanId: other });
  const pause = await shop.admin.post(`/subscriptions/${paused}/pause`, {});

  expect([cancel.status, problemOf(change), pause.status]).toEqual([200, '409 charge_in_flight', 200]);
  await shop.advance(clockId, '2025-11-26T03:00:00+07:00');
  expect(await shop.read(cancelled)).toMatchObject({ status: 'cancelled' });
  expect(await shop.read(paused)).toMatchObject({ status: 'paused' });
  expect(await shop.read(changed)).toMatchObject({ status: 'active' });
  const charges = await testSystem().query<{ subscription_id: string; charges: string }>(
    `SELECT p.subscription_id, count(*) AS charges FROM finance.payments p WHERE p.subscription_id = ANY ($1) AND p.status = 'success'
      GROUP BY 1 ORDER BY 1`,
    [[cancelled, changed, paused]],
  );
  expect(charges.map(({ charges: count }) => count)).toEqual(['2', '2', '2']);
});

/** Makes the next renewal of a subscription refused: somebody has billed its month already. */
const billNextMonth = (id: number) =>
  testSystem().query(
    `INSERT INTO finance.billed_service (company_id, subscription_id, item, service, invoice_line_id)
     SELECT company_id, subscription_id, item, tstzrange(upper(service), upper(service) + interval '1 month'), invoice_line_id
       FROM finance.billed_service WHERE subscription_id = $1`,
    [id],
  );

it('goes on by itself when what a subscription refused at its deadline is refused no longer', async () => {
  const clockId = await shop.addClock();
  const id = await subscribeOn(clockId);
  await billNextMonth(id);
  const to = daysAfter(firstDay, 40);
  const advanced = shop.advance(clockId, to);
  await until(
    async () => (await shop.admin.get(`/test-clocks/${clockId}`)).body,
    ({ now }) => now > firstDay,
  );
  expect(await shop.invoicesOf(id)).toHaveLength(1);
  await testSystem().query(
    `DELETE FROM finance.billed_service g WHERE g.subscription_id = $1
        AND NOT EXISTS (SELECT FROM finance.invoice_lines l WHERE l.id = g.invoice_line_id AND l.period_start = lower(g.service))`,
    [id],
  );

  expect(await advanced).toMatchObject({ status: 'ready' });
  expect((await shop.invoicesOf(id)).map(({ status }) => status)).toEqual(['paid', 'paid']);
});

it('leaves a customer whose renewal is refused free to name another card, and to cancel', async () => {
  const clockId = await shop.addClock();
  const id = await subscribeOn(clockId);
  await billNextMonth(id);
  const advanced = shop.advance(clockId, daysAfter(firstDay, 40));
  await until(
    async () => (await shop.admin.get(`/test-clocks/${clockId}`)).body,
    ({ now }) => now > firstDay,
  );
  const card = await shop.admin.post(`/subscriptions/${id}/payment-method`, { paymentMethod: 'card' });
  const change = await shop.admin.post(`/subscriptions/${id}/change-plan`, { quantity: 2 });
  const cancel = await shop.admin.post(`/subscriptions/${id}/cancel`, { cancelAtPeriodEnd: false });

  expect([card.status, problemOf(change), cancel.status]).toEqual([200, '409 already_billed', 200]);
  expect(cancel.body.status).toBe('cancelled');
  expect(await advanced).toMatchObject({ status: 'ready' });
});
