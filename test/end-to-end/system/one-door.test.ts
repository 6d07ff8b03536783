import { Client, Connection } from '@temporalio/client';

import { testSystem } from '../../environment/test-system';
import { openShop, type TestShop } from '../orders/orders-test-shop';
import {
  daysAfter,
  firstDay,
  openSubscriptionShop,
  type SubscriptionShop,
} from '../subscriptions/subscriptions-test-shop';

/** Messages from a terminal, the Web UI, `bmms` and REST mean the same, and none of them can freeze a workflow. */
const system = testSystem();
let connection: Connection;
let temporal: Client;
let subscriptions: SubscriptionShop;
let shop: TestShop;

beforeAll(async () => {
  connection = await Connection.connect({ address: system.temporalAddress });
  temporal = new Client({ connection, namespace: system.temporalNamespace });
  subscriptions = await openSubscriptionShop();
  shop = await openShop();
});
afterAll(() => connection?.close());

const handle = (workflowId: string) => temporal.workflow.getHandle(workflowId);
const statusOf = (workflowId: string) => handle(workflowId).query<any>('status');

async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read();

    if (holds(value)) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const rejectionsOf = (workflowId: string, count = 1) =>
  until(
    async () => (await statusOf(workflowId)).rejected as { message: string; reason: string }[],
    (rejected) => rejected.length >= count,
  );

async function subscribe() {
  const testClockId = await subscriptions.addClock();
  const customerId = await subscriptions.addCustomer(testClockId);
  const planId = await subscriptions.addPlan();
  const { id } = await subscriptions.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });

  return { id, testClockId, workflowId: `subscription/${id}` };
}

async function placeOrder() {
  const buyer = await shop.addBuyer();
  const { body } = await buyer.api.post('/orders', {
    items: [{ productId: await shop.addProduct(), quantity: 1 }],
    shippingAddress: '12 Tràng Tiền, Hà Nội',
    paymentMethod: 'vnpay',
  });

  return { id: body.id, paymentId: body.paymentId, workflowId: `order/${body.id}` };
}

test('a signal with more seats than a column holds is rejected, and everything goes on', async () => {
  const { id, testClockId, workflowId } = await subscribe();
  await handle(workflowId).signal('changePlan', { quantity: 3_000_000_000, immediate: true });

  expect(await rejectionsOf(workflowId)).toMatchObject([
    { message: 'changePlan', reason: expect.stringContaining('/quantity') },
  ]);
  const refused = await subscriptions.admin.post(`/subscriptions/${id}/change-plan`, { quantity: 3_000_000_000 });
  expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed', field: '/quantity' } });
  await subscriptions.advance(testClockId, daysAfter(firstDay, 40));
  expect(await subscriptions.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'paid' }]);
});

test('an update of an unknown type or with unknown members is refused before it enters the history', async () => {
  const { workflowId } = await subscribe();

  for (const command of [{ type: 'frobnicate' }, { type: 'pause', until: 'tomorrow' }, null]) {
    await expect(
      handle(workflowId).executeUpdate('pause', { args: [{ commandId: 'x', command }] }),
    ).rejects.toMatchObject({ cause: { type: 'validation_failed' } });
  }
  expect(await statusOf(workflowId)).toMatchObject({ status: 'active' });
});

test('cancel without members ends with the period, by signal as over REST', async () => {
  const { workflowId } = await subscribe();
  await handle(workflowId).signal('cancel');

  expect(
    await until(
      () => statusOf(workflowId),
      ({ cancelAtPeriodEnd }) => cancelAtPeriodEnd,
    ),
  ).toMatchObject({
    status: 'active',
  });
});

test('a request to cancel from the Web UI cancels a subscription for the end of its period, and it runs on', async () => {
  const { id, workflowId } = await subscribe();
  await handle(workflowId).cancel();
  await until(
    () => subscriptions.read(id),
    ({ cancelAtPeriodEnd }) => cancelAtPeriodEnd,
  );

  expect((await handle(workflowId).describe()).status.name).toBe('RUNNING');
});

test('a request to cancel from the Web UI cancels an open order as its customer would', async () => {
  const { id, workflowId } = await placeOrder();
  await handle(workflowId).cancel();
  await until(
    async () => (await shop.manager.get(`/orders/${id}`)).body,
    ({ status }) => status === 'cancelled',
  );

  // It ends a moment after its row.
  await until(
    async () => (await handle(workflowId).describe()).status.name,
    (name) => name === 'COMPLETED',
  );
});

test('an order that is shipped refuses the request to cancel, visibly, and goes on', async () => {
  const { id, paymentId, workflowId } = await placeOrder();
  await shop.manager.post(`/payments/${paymentId}/test/success`, {});
  await shop.staff.post(`/orders/${id}/ship`, {});
  await handle(workflowId).cancel();

  expect(await rejectionsOf(workflowId)).toMatchObject([{ message: 'request to cancel' }]);
  expect((await shop.staff.post(`/orders/${id}/deliver`, {})).body).toMatchObject({ status: 'delivered' });
});

test('unknown signals and members are noted with the names there are', async () => {
  const { workflowId } = await placeOrder();
  await handle(workflowId).signal('Cancel', { reason: 'late' });
  await handle(workflowId).signal('cancel', { why: 'late' });

  expect(await rejectionsOf(workflowId, 2)).toMatchObject([
    { message: 'Cancel', reason: expect.stringContaining('there are cancel, paymentSettled') },
    { message: 'cancel', reason: expect.stringContaining('/why') },
  ]);
  const subscribed = await subscribe();
  await handle(subscribed.workflowId).signal('frobnicate');
  expect(await rejectionsOf(subscribed.workflowId)).toMatchObject([
    { message: 'frobnicate', reason: expect.stringContaining('there are changePlan, changePrice, setPhases, cancel') },
  ]);
});

test('refunds of one payment at once are all given, and all in the books', async () => {
  const { paymentId } = await placeOrder();
  await shop.manager.post(`/payments/${paymentId}/test/success`, {});
  const answers = await Promise.all(
    [1_000, 2_000, 3_000].map((amount) => shop.manager.post(`/payments/${paymentId}/refund`, { amount })),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const { refunds } = await until(
    async () => (await shop.manager.get(`/payments/${paymentId}`)).body,
    ({ refundedAmount }) => refundedAmount === 6_000,
  );
  expect(refunds.map(({ status }: { status: string }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('a clock that is advanced again as its last advance ends arrives', async () => {
  const testClockId = await subscriptions.addClock();

  for (let day = 1; day <= 12; day += 1) {
    const to = daysAfter(firstDay, day);
    void subscriptions.admin.post(`/test-clocks/${testClockId}/advance`, { to });
    await until(
      async () => (await subscriptions.admin.get(`/test-clocks/${testClockId}`)).body,
      ({ status, now }) => status === 'ready' && Date.parse(now) === Date.parse(to),
    );
  }
});
