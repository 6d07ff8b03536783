import { Client, Connection } from '@temporalio/client';

import { type Ended, runBmms } from '../../environment/run-bmms';
import { testSystem } from '../../environment/test-system';
import { openShop, type TestShop, until } from '../orders/orders-test-shop';
import {
  daysAfter,
  firstDay,
  openSubscriptionShop,
  type SubscriptionShop,
} from '../subscriptions/subscriptions-test-shop';

/** What stands in the Web UI of Temporal, in `bmms doctor` and in the metrics. */
const system = testSystem();
let connection: Connection;
let temporal: Client;
let shop: TestShop;
let subscriptions: SubscriptionShop;

beforeAll(async () => {
  connection = await Connection.connect({ address: system.temporalAddress });
  temporal = new Client({ connection, namespace: system.temporalNamespace });
  shop = await openShop();
  subscriptions = await openSubscriptionShop();
});
afterAll(() => connection?.close());

const handle = (workflowId: string) => temporal.workflow.getHandle(workflowId);
const metadata = (workflowId: string) => handle(workflowId).query<any>('__temporal_workflow_metadata');
const attributes = async (workflowId: string) =>
  Object.fromEntries(
    (await handle(workflowId).describe()).typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );

async function placeOrder() {
  const buyer = await shop.addBuyer();
  const { body } = await buyer.api.post('/orders', {
    items: [{ productId: await shop.addProduct(), quantity: 1 }],
    shippingAddress: '12 Tràng Tiền, Hà Nội',
    paymentMethod: 'vnpay',
  });

  return { ...body, workflowId: `order/${body.id}` };
}

/** `bmms doctor --workflows`, as at a terminal. */
function examine(): Promise<Ended> {
  const { hostname, port } = new URL(system.workerHealthUrl);

  return runBmms(system, ['doctor', '--workflows'], { HOST: hostname, WORKER_HEALTH_PORT: port });
}

test('a step that keeps failing stands in the details, in doctor and in the metrics, until it gets through', async () => {
  const { id, workflowId } = await placeOrder();
  // As when the disk is full, for this order alone.
  await system.query(
    `CREATE FUNCTION ordering.fail_${id}() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'no space for order ${id}' USING ERRCODE = '53100'; END $$`,
  );
  await system.query(
    `CREATE TRIGGER fail_${id} BEFORE UPDATE ON ordering.orders FOR EACH ROW WHEN (NEW.id = ${id}) EXECUTE FUNCTION ordering.fail_${id}()`,
  );

  try {
    await handle(workflowId).signal('cancel');
    await until(
      () => metadata(workflowId).catch(() => ({ currentDetails: '' })),
      ({ currentDetails }) => /step cancelOrder has failed \d+ times/.test(currentDetails),
    );
    const told = await until(
      async () => (await (await fetch(`${system.workerHealthUrl}/failing-steps`)).json()) as { workflowId: string }[],
      (steps) => steps.some((step) => step.workflowId === workflowId),
    );
    expect(told).toContainEqual(
      expect.objectContaining({ workflowId, step: 'cancelOrder', reason: expect.stringContaining('no space') }),
    );
    expect(await (await fetch(`${system.workerHealthUrl}/metrics`)).text()).toMatch(
      /bmms_failing_steps\{step="cancelOrder",process="worker"\} [1-9]/,
    );
    const doctor = await examine();
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(new RegExp(`✗ ${workflowId}: cancelOrder keeps failing .*no space`));
  } finally {
    await system.query(`DROP TRIGGER fail_${id} ON ordering.orders`);
    await system.query(`DROP FUNCTION ordering.fail_${id}()`);
  }
  await until(
    async () => (await shop.manager.get(`/orders/${id}`)).body,
    ({ status }) => status === 'cancelled',
  );
  // The row is first; whoever tried the step, and its workflow, hear of it after that.
  const failing = await until(
    async () => (await fetch(`${system.workerHealthUrl}/failing-steps`)).text(),
    (text) => !text.includes(workflowId),
  );
  expect(failing).not.toContain(workflowId);
  const { currentDetails: after } = await until(
    () => metadata(workflowId),
    ({ currentDetails }) => !currentDetails.includes('has failed'),
  );
  expect(after).not.toContain('has failed');
});

test('doctor counts rows without a workflow, and mends nothing', async () => {
  const { workflowId } = await placeOrder();
  // The worker host looks every 45 s, and starts it again: it is lost for as long as doctor takes.
  const { stdout } = await until(
    async () => {
      let isOver = false;
      const examined = examine().finally(() => {
        isOver = true;
      });

      while (!isOver) {
        await handle(workflowId)
          .terminate('lost')
          .catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }

      return examined;
    },
    (examined) => examined.stdout.includes('✗ Orders that are not over'),
  );

  expect(stdout).toMatch(/✗ Orders that are not over: \d+, [1-9]\d* without a workflow/);
});

test('orders are found by their state and number, told in words and in the time of the account', async () => {
  const { id, orderNumber, paymentId, workflowId } = await placeOrder();
  expect(await attributes(workflowId)).toMatchObject({ BmmsState: 'pending', OrderNumber: orderNumber });
  expect((await metadata(workflowId)).currentDetails).toMatch(
    new RegExp(`^${orderNumber}\n\nwaiting for payment until \\d+ [A-Z][a-z]+ 20\\d\\d \\d\\d:\\d\\d \\+07:00$`),
  );
  expect(await handle(workflowId).query('status')).toMatchObject({ payBy: expect.stringMatching(/\+07:00$/) });
  await shop.manager.post(`/payments/${paymentId}/test/success`, {});
  expect(await attributes(workflowId)).toMatchObject({ BmmsState: 'confirmed' });
  await until(
    async () => {
      const found: string[] = [];

      for await (const one of temporal.workflow.list({
        query: `BmmsState = 'confirmed' AND OrderNumber = '${orderNumber}' AND CompanyId = ${shop.company.id}`,
      })) {
        found.push(one.workflowId);
      }

      return found;
    },
    ([found]) => found === workflowId,
  );
  const { definition } = await metadata(workflowId);
  const described = [...definition.signalDefinitions, ...definition.updateDefinitions].filter(
    ({ name }: { name?: string }) => name !== undefined && !name.startsWith('__'),
  );
  expect(described.length).toBeGreaterThanOrEqual(8);
  expect(described.filter(({ description }: { description?: string }) => !description)).toEqual([]);
  await shop.staff.post(`/orders/${id}/ship`, {});
  const { events } = await handle(workflowId).fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) =>
    userMetadata?.summary?.data ? [JSON.parse(Buffer.from(userMetadata.summary.data).toString()) as string] : [],
  );
  expect(summaries).toEqual(expect.arrayContaining(['place the order', 'note that it is shipped']));
});

test('subscriptions are told in days of the account, also after new runs and a restart', async () => {
  const testClockId = await subscriptions.addClock();
  const customerId = await subscriptions.addCustomer(testClockId);
  const planId = await subscriptions.addPlan();
  const { id } = await subscriptions.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  const workflowId = `subscription/${id}`;
  const summary = `plan ${planId} of customer ${customerId}`;

  // Told of each advance once, it goes on in a new run after a dozen renewals.
  for (let month = 1; month <= 13; month += 1) {
    await subscriptions.advance(testClockId, daysAfter(firstDay, 31 * month));
  }
  const status = await handle(workflowId).query<any>('status');
  const { currentPeriodEnd } = await subscriptions.read(id);
  expect(status).toMatchObject({ periodEnd: currentPeriodEnd, deadline: { at: expect.stringMatching(/\+07:00$/) } });
  expect((await metadata(workflowId)).currentDetails).toMatch(
    /; (renews|invoices the next period on) \d+ [A-Z][a-z]{2} 20\d\d, /,
  );

  for (const isLost of [false, true]) {
    if (isLost) {
      await handle(workflowId).terminate('lost');
      await subscriptions.admin.post(`/subscriptions/${id}/pause`, {});
    }
    // Temporal carries no summary over into the runs that continue one.
    const { staticSummary } = await handle(workflowId).describe();
    expect(await staticSummary()).toBe(isLost ? summary : undefined);
    expect(await attributes(workflowId)).toMatchObject({
      BmmsState: isLost ? 'paused' : 'active',
      CustomerId: customerId,
    });
  }
});

test('a clock whose subscription refuses what is due says so, and does not ask all the time', async () => {
  const testClockId = await subscriptions.addClock();
  const customerId = await subscriptions.addCustomer(testClockId);
  const planId = await subscriptions.addPlan();
  const { id } = await subscriptions.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  // As if the next period had been billed by hand: the guard against double billing refuses it.
  await system.query(
    `INSERT INTO finance.billed_service (company_id, subscription_id, item, service, invoice_line_id)
     SELECT s.company_id, s.id, 'plan', tstzrange(s.current_period_end, s.current_period_end + interval '7 days'), b.invoice_line_id
       FROM ordering.subscriptions s JOIN finance.billed_service b ON b.subscription_id = s.id WHERE s.id = $1`,
    [id],
  );
  const advanced = subscriptions.admin.post(`/test-clocks/${testClockId}/advance`, { to: daysAfter(firstDay, 60) });
  const workflowId = `test-clock/${testClockId}`;
  const { currentDetails } = await until(
    () => metadata(workflowId).catch(() => ({ currentDetails: '' })),
    (shown) => shown.currentDetails.startsWith('a step failed'),
  );

  expect(currentDetails).toBe(
    `a step failed: Subscription ${id}: Part of this service is on an invoice already.; it is tried again in 15 s, or with a new target`,
  );
  expect((await handle(`subscription/${id}`).query<any>('status')).rejected).toEqual([
    { message: 'due', reason: 'Part of this service is on an invoice already.' },
  ]);
  const { events } = await handle(workflowId).fetchHistory();
  expect(events?.filter(({ activityTaskStartedEventAttributes: started }) => started != null)).toHaveLength(1);
  expect((await examine()).stdout).toContain(`✗ ${workflowId}: advanceTestClock keeps failing`);
  await handle(workflowId).terminate('the test is over');
  // Whoever waits for it is told that it is on its way: it is started again.
  expect(await advanced).toMatchObject({ status: 202 });
  await system.query("UPDATE ordering.test_clocks SET status = 'ready', target = NULL WHERE id = $1", [testClockId]);
});

test('details of a switch are Markdown: a paragraph for each line, and the command to type as it is typed', async () => {
  const { id } = (await shop.company.api.post('/model/switch', { text: 'Thêm gói Pro 199k/tháng' })).body;
  const workflowId = `model-switch/${id}`;
  const { currentDetails } = await until(
    () => metadata(workflowId).catch(() => ({ currentDetails: '' })),
    (shown) => shown.currentDetails.includes('awaiting_approval'),
  );
  const [status, command, ...story] = currentDetails.split('\n\n');

  expect(status).toMatch(/^\*\*awaiting_approval\*\*: /);
  expect(command).toMatch(
    new RegExp(
      `^approve it: \`temporal workflow signal --workflow-id ${workflowId} --name approve --input '{"planHash":"[0-9a-f]{64}"}'\`$`,
    ),
  );
  expect(story.length).toBeGreaterThan(0);
  expect(currentDetails.replaceAll('\n\n', '')).not.toContain('\n');
  await shop.company.api.post(`/model/deployments/${id}/cancel`, {});
});
