import { Client, Connection } from '@temporalio/client';

import { refundEffectKey } from '../../../domain/payments/payment-id-rules';
import { runBmms } from '../../environment/run-bmms';
import { testSystem } from '../../environment/test-system';
import { openShop, type TestShop } from '../orders/orders-test-shop';
import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';

const system = testSystem();

let connection: Connection;
let temporal: Client;
let shop: TestShop;
let productId: number;
let buyer: Awaited<ReturnType<TestShop['addBuyer']>>;

beforeAll(async () => {
  connection = await Connection.connect({ address: system.temporalAddress });
  temporal = new Client({ connection, namespace: system.temporalNamespace });
  shop = await openShop();
  productId = await shop.addProduct();
  buyer = await shop.addBuyer();
});
afterAll(() => connection?.close());

/** `bmms doctor --repair`, as at a terminal. @returns how many were started again */
async function repair(): Promise<{ orders: number; refunds: number; subscriptions: number; clocks: number }> {
  const { code, stdout } = await runBmms(system, ['doctor', '--repair']);
  expect(code).toBe(0);
  const counts = [...stdout.matchAll(/and (\d+) were started again/g)].map(([, count]) => Number(count));
  const [orders = -1, refunds = -1, subscriptions = -1, clocks = -1] = counts;

  return { orders, refunds, subscriptions, clocks };
}

const place = async (fields: object = {}) =>
  (
    await buyer.api.post('/orders', {
      items: [{ productId, quantity: 1 }],
      shippingAddress: '12 Tràng Tiền, Hà Nội',
      paymentMethod: 'vnpay',
      ...fields,
    })
  ).body;
const pay = async (paymentId: number) => (await shop.manager.post(`/payments/${paymentId}/test/success`, {})).body;
const read = async (id: number) => (await shop.manager.get(`/orders/${id}`)).body;
const stateOf = async (workflowId: string) => (await temporal.workflow.getHandle(workflowId).describe()).status.name;

async function lose(workflowId: string): Promise<void> {
  await temporal.workflow.getHandle(workflowId).terminate('lost');
}

/** As after a backup that is older than the order: Temporal does not know of it. */
async function forget(workflowId: string): Promise<void> {
  const { runId } = await temporal.workflow.getHandle(workflowId).describe();
  await temporal.workflow.getHandle(workflowId, runId).terminate('lost');
  await connection.workflowService.deleteWorkflowExecution({
    namespace: system.temporalNamespace,
    workflowExecution: { workflowId, runId },
  });

  // This run alone: the worker host may have started another by then.
  while (
    await temporal.workflow
      .getHandle(workflowId, runId)
      .describe()
      .catch(() => null)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('orders whose workflow is lost get one that goes on where the row is, and only they', async () => {
  const [lost, forgotten, paid, running] = [await place(), await place(), await place(), await place()];
  const cash = await place({ paymentMethod: 'cod' });
  await pay(paid.paymentId);
  await lose(`order/${lost.id}`);
  await forget(`order/${forgotten.id}`);
  await lose(`order/${paid.id}`);
  await lose(`order/${cash.id}`);

  // The worker host looks by itself, too: what it was first at is not counted here.
  expect((await repair()).orders).toBeLessThanOrEqual(4);
  expect((await repair()).orders).toBe(0);

  await pay(lost.paymentId);
  await pay(forgotten.paymentId);
  await shop.staff.post(`/orders/${paid.id}/ship`, {});
  await shop.staff.post(`/orders/${cash.id}/ship`, {});
  await shop.staff.post(`/orders/${cash.id}/deliver`, {});

  expect(await read(lost.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  expect(await read(forgotten.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  expect(await read(paid.id)).toMatchObject({ status: 'shipped', paymentStatus: 'paid' });
  expect(await read(cash.id)).toMatchObject({ status: 'delivered', paymentStatus: 'paid' });
  expect(await read(running.id)).toMatchObject({ status: 'pending' });
  expect(await stateOf(`order/${lost.id}`)).toBe('RUNNING');
  // It ends once its last command is answered.
  await until(async () => (await stateOf(`order/${cash.id}`)) === 'COMPLETED');
});

test('a message to a workflow that is lost starts it again, as it was, and is carried out', async () => {
  const order = await place();
  const describe = () => temporal.workflow.getHandle(`order/${order.id}`).describe();
  const { staticSummary, typedSearchAttributes } = await describe();
  const named = (attributes: typeof typedSearchAttributes) =>
    Object.fromEntries(attributes.getAll().map(({ key, value }) => [key.name, value]));
  await lose(`order/${order.id}`);
  await pay(order.paymentId);

  expect(await read(order.id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  const again = await describe();
  expect(again.status.name).toBe('RUNNING');
  expect(await again.staticSummary()).toBe(await staticSummary());
  expect(named(again.typedSearchAttributes)).toEqual({ ...named(typedSearchAttributes), BmmsState: 'confirmed' });

  await lose(`order/${order.id}`);
  expect((await shop.staff.post(`/orders/${order.id}/ship`, {})).body).toMatchObject({ status: 'shipped' });
  await shop.staff.post(`/orders/${order.id}/deliver`, {});
  expect((await shop.staff.post(`/orders/${order.id}/ship`, {})).body).toMatchObject({ code: 'order_state' });
});

test('an order that was lost in its window is closed when the window is over', async () => {
  const order = await place();
  // Before it is lost: the worker host, which looks by itself, starts it again where the row is.
  await system.query("UPDATE ordering.orders SET payment_due_at = now() - interval '1 minute' WHERE id = $1", [
    order.id,
  ]);
  await lose(`order/${order.id}`);
  await repair();
  await until(async () => (await read(order.id)).status === 'cancelled');

  expect(await read(order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'not paid in time' });
});

test('a card that was charged as the workflow was lost has paid the order', async () => {
  const order = await place({ paymentMethod: 'card', paymentToken: 'tok_ok' });
  await until(async () => (await read(order.id)).paymentStatus === 'paid');
  // As if the process had died after the bank said yes, before anything was written down.
  await system.query(
    "UPDATE finance.payments SET status = 'initiated', paid_amount = 0, applied_amount = 0, settled_at = NULL WHERE id = $1",
    [order.paymentId],
  );
  await system.query(
    'DELETE FROM finance.provider_events e USING finance.payments p WHERE e.reference = p.reference AND p.id = $1',
    [order.paymentId],
  );
  await system.query(
    "UPDATE finance.invoices SET status = 'open', paid_amount = 0, due_amount = total_amount, paid_at = NULL WHERE order_id = $1",
    [order.id],
  );
  await system.query("UPDATE ordering.orders SET status = 'pending', payment_status = 'pending' WHERE id = $1", [
    order.id,
  ]);
  await lose(`order/${order.id}`);
  await repair();
  await until(async () => (await read(order.id)).paymentStatus === 'paid');
  const [charges] = await system.query<{ count: string }>(
    'SELECT count(*) FROM sandbox.card_charges c JOIN finance.payments p ON p.transaction_id = c.transaction_id WHERE p.order_id = $1',
    [order.id],
  );

  expect(Number(charges?.count)).toBe(1);
});

test('money that is due to go back goes back, although nobody is at it any more', async () => {
  const order = await place();
  await buyer.api.post(`/orders/${order.id}/cancel`, {});
  // At once: the worker host, which looks by itself, may give it back right after.
  await system.query(
    `WITH due AS (UPDATE ordering.orders SET payment_status = 'refund_due' WHERE id = $2)
     UPDATE finance.payments SET status = 'refund_due', paid_amount = amount, paid_at = now(), settled_at = now(), transaction_id = 'TEST-' || id
      WHERE id = $1`,
    [order.paymentId, order.id],
  );

  await repair();
  await until(async () => (await read(order.id)).paymentStatus === 'refunded');
  expect((await repair()).refunds).toBe(0);
});

test('a refund that a person asked for is finished under its own key', async () => {
  const order = await place();
  await pay(order.paymentId);
  const [row] = await system.query<{ installation: string; refund: string; company: string }>(
    `SELECT (SELECT id FROM platform.installation) AS installation, nextval('finance.refunds_id_seq') AS refund,
            (SELECT company_id FROM finance.payments WHERE id = $1) AS company`,
    [order.paymentId],
  );
  const refundId = Number(row?.refund);
  await system.query(
    `WITH reserved AS (UPDATE finance.invoices SET returned_amount = 7000 WHERE order_id = $5)
     INSERT INTO finance.refunds (id, company_id, payment_id, amount, invoice_amount, currency, status, reason, effect_key, created_at)
     VALUES ($1, $2, $3, 7000, 7000, 'VND', 'pending', 'damaged', $4, now())`,
    [
      refundId,
      row?.company,
      order.paymentId,
      refundEffectKey(row?.installation ?? '', order.paymentId, refundId),
      order.id,
    ],
  );

  await repair();
  const paid = async () => (await shop.manager.get(`/payments/${order.paymentId}`)).body;
  await until(async () => (await paid()).refundedAmount > 0);
  const body = await paid();
  expect(body).toMatchObject({ status: 'partially_refunded', refundedAmount: 7_000 });
  expect(body.refunds).toMatchObject([{ id: refundId, status: 'succeeded', reason: 'damaged' }]);
});

test('subscriptions and clocks whose workflow is lost get one that goes on where the row is', async () => {
  const subscriptions = await openSubscriptionShop();
  const clockId = await subscriptions.addClock();
  const customerId = await subscriptions.addCustomer(clockId);
  const { id } = await subscriptions.subscribe({
    customerId,
    planId: await subscriptions.addPlan(),
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
  });
  await lose(`subscription/${id}`);
  await system.query(
    "UPDATE ordering.test_clocks SET status = 'advancing', target = now + interval '40 days' WHERE id = $1",
    [clockId],
  );

  await repair();
  await until(async () => (await subscriptions.admin.get(`/test-clocks/${clockId}`)).body.status === 'ready');
  expect(await subscriptions.invoicesOf(id)).toMatchObject([{ status: 'paid' }, { status: 'paid' }]);
  expect(await repair()).toMatchObject({ subscriptions: 0, clocks: 0 });
});
