import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { runBmms } from '../../environment/run-bmms';
import { testServers } from '../../environment/servers';
import { testSystem } from '../../environment/test-system';
import { until } from '../orders/orders-test-shop';
import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

const run = promisify(execFile);
const system = testSystem();

let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan();
});

/** `bmms …`, as at a terminal. */
const bmms = (...words: string[]) => runBmms(system, [...words, '--company', shop.company.slug]);

/** The plain command-line client of Temporal, as an operator has it. */
const temporal = (...words: string[]) =>
  run(testServers().temporalBinary, [
    ...words,
    '--address',
    system.temporalAddress,
    '--namespace',
    system.temporalNamespace,
  ]);

const subscribe = async (fields: Record<string, unknown> = {}) =>
  (
    await shop.subscribe({
      customerId: await shop.addCustomer(),
      planId,
      paymentMethod: 'card',
      paymentToken: 'tok_ok',
      ...fields,
    })
  ).id as number;

test('a clock is created, a subscription on it shown and changed, and the clock turned, all from a terminal', async () => {
  const created = await bmms('clock', 'create', '--now', '2025-10-26T00:00:00+07:00', '--json');
  const clockId = JSON.parse(created.stdout).id;
  const id = await subscribe({ customerId: await shop.addCustomer(clockId) });
  const cancelled = await bmms('subscription', 'cancel', String(id), '--reason', 'Too expensive');
  expect(cancelled.stdout).toMatch(/cancelAtPeriodEnd +true\n/);
  const back = await bmms('subscription', 'reactivate', String(id), '--json');
  expect(JSON.parse(back.stdout)).toMatchObject({ cancelAtPeriodEnd: false });
  const advanced = await bmms('clock', 'advance', String(clockId), '--to', '2025-12-01T00:00:00+07:00', '--json');
  expect(JSON.parse(advanced.stdout)).toMatchObject({ status: 'ready', now: '2025-12-01T00:00:00+07:00' });
  const history = await bmms('subscription', 'history', String(id));

  expect(history.stdout).toMatch(/^createdAt +action +from +to +plan +details\n2025-11-26T00:00:00\+07:00 +renewed/);
});

test('add-ons are bought, changed and removed from a terminal, by bmms and by signals', async () => {
  const id = await subscribe();
  const { body: addon } = await shop.admin.post('/addons', {
    key: 'storage',
    name: 'Extra Storage',
    price: 50_000,
    billingPeriod: 'monthly',
  });
  await until(
    () => shop.read(id),
    ({ activatedAt }) => activatedAt !== null,
  );
  const bought = await bmms('subscription', 'addons', 'buy', String(id), '--key', 'storage', '--json');
  expect(JSON.parse(bought.stdout)).toMatchObject({ addons: [{ key: 'storage', quantity: 1 }] });
  await until(
    () => shop.read(id),
    ({ addons }) => addons[0].status === 'active',
  );
  const changed = await bmms(
    'subscription',
    'addons',
    'change',
    String(id),
    '--addon',
    String(addon.id),
    '--quantity',
    '3',
  );
  expect(changed.code).toBe(0);
  const listed = await bmms('subscription', 'addons', 'list', String(id));
  expect(listed.stdout).toMatch(/storage +3 +50000 +active/);

  const input = JSON.stringify({ addonId: addon.id });
  await temporal(
    'workflow',
    'signal',
    '--workflow-id',
    `subscription/${id}`,
    '--name',
    'removeAddon',
    '--input',
    input,
  );
  const waiting = await until(
    () => shop.read(id),
    ({ waitingChanges }) => waitingChanges.length > 0,
  );
  expect(waiting.waitingChanges).toMatchObject([{ kind: 'remove' }]);
});

test('units are bought ahead, looked at and given back for money from a terminal', async () => {
  const meter = { code: 'calls', name: 'Calls', aggregation: 'sum', eventName: 'calls', property: 'value' };
  expect((await shop.admin.post('/meters', meter)).status).toBe(201);
  const sold = { key: 'calls_1000', name: '1,000 calls', price: 5_000, billingPeriod: 'one_time' };
  const { body: addon } = await shop.admin.post('/addons', { ...sold, prepaid: { meter: 'calls', units: 1_000 } });
  const id = await subscribe();
  await until(
    () => shop.read(id),
    ({ activatedAt }) => activatedAt !== null,
  );
  expect((await bmms('subscription', 'addons', 'buy', String(id), '--key', 'calls_1000')).code).toBe(0);
  await until(
    () => shop.read(id),
    ({ addons }) => addons[0].status === 'active',
  );
  const left = await bmms('subscription', 'addons', 'balance', String(id));
  expect(left.stdout).toMatch(/^meter +addonId +name +bought .*\ncalls +\d+ +1,000 calls +1000 +0 +1000 /);
  const remove = ['subscription', 'addons', 'remove', String(id), '--addon', String(addon.id), '--now'];
  expect((await bmms(...remove, '--credit-unused', 'prorate')).code).toBe(0);
  const over = await bmms('subscription', 'addons', 'balance', String(id), '--meter', 'calls', '--all', '--json');

  expect(JSON.parse(over.stdout)).toMatchObject([{ left: '0', topUps: [{ returned: '1000', lost: '0' }] }]);
});

test('a customer is subscribed from a terminal, with add-ons', async () => {
  const sold = { key: 'backup', name: 'Backup', price: 30_000, billingPeriod: 'monthly' };
  expect((await shop.admin.post('/addons', sold)).status).toBe(201);
  const customer = String(await shop.addCustomer());
  const words = ['--customer', customer, '--plan', String(planId), '--addon', 'backup', '--addon-quantity', '2'];
  const other = await bmms('subscription', 'create', ...words, '--currency', 'USD');
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('billed in VND, not USD') });
  const created = await bmms('subscription', 'create', ...words, '--json');
  const { id } = JSON.parse(created.stdout);

  expect(await shop.read(id)).toMatchObject({ planId, addons: [{ key: 'backup', quantity: 2, status: 'pending' }] });
  expect(await shop.invoicesOf(id)).toMatchObject([{ subtotal: 359_000, status: 'open' }]);
});

test('a trial is moved by bmms, and ended by a signal', async () => {
  const id = await subscribe({ trialDays: 10 });
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  const moved = await bmms('subscription', 'trial', String(id), '--end', day, '--json');
  expect(JSON.parse(moved.stdout)).toMatchObject({ status: 'trial', trialEnd: expect.stringContaining(day) });
  const workflow = ['--workflow-id', `subscription/${id}`, '--name', 'changeTrial', '--input', '{"trialEnd":"now"}'];
  await temporal('workflow', 'signal', ...workflow);
  const ended = await until(
    () => shop.read(id),
    ({ status }) => status !== 'trial',
  );
  expect(ended).toMatchObject({ status: 'active', currentPeriodStart: ended.trialEnd });
});

test.each([
  [['subscription', 'create', '--customer', '1', '--plan', 'gold'], /\/planId/],
  [['subscription', 'create', '--customer', '1', '--plan', '1', '--starts-at', 'soon'], /\/startsAt/],
  [['subscription', 'addons', 'buy', '1', '--key', 'x', '--quantity', 'many'], /\/quantity/],
  [['subscription', 'addons', 'balance', '999999999'], /There is no subscription 999999999/],
  [['subscription', 'show', '999999999'], /There is no subscription 999999999/],
  [['subscription', 'change-plan', '1'], /--plan/],
  [['subscription', 'show', 'x'], /whole number/],
  [['subscription', 'change-plan', '1', '--quantity', '3000000000'], /\/quantity/],
  [['subscription', 'change-plan', '1', '--plan', 'gold'], /\/newPlanId/],
  [['subscription', 'cancel', '1', '--reason', ' '], /\/reason/],
  [['clock', 'advance', '1', '--to', 'tomorrow'], /instant/],
])('%j ends with a sentence and a status of its own', async (words, sentence) => {
  const ended = await bmms(...words);

  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(sentence);
});

test('signals and queries of the plain temporal command work; what is wrong with a signal is kept, and harms nothing', async () => {
  const id = await subscribe();
  const other = await shop.addPlan({ price: 599_000 });
  // While the bank has not answered, a change at once is refused.
  await until(
    () => shop.read(id),
    ({ activatedAt }) => activatedAt !== null,
  );
  const workflow = ['--workflow-id', `subscription/${id}`];
  const signal = (name: string, input: object) =>
    temporal('workflow', 'signal', ...workflow, '--name', name, '--input', JSON.stringify(input));
  await signal('changePlan', { newPlan: 3 });
  await signal('changePlan', { newPlanId: 999_999_999 });
  await signal('changePlan', { newPlanId: other, immediate: true });
  const changed = await until(
    () => shop.read(id),
    (subscription) => subscription.planId === other,
  );
  expect(changed).toMatchObject({ planId: other, amount: 599_000 });
  const { stdout } = await temporal('workflow', 'query', ...workflow, '--type', 'status', '--output', 'json');
  const [status] = JSON.parse(stdout).queryResult;
  expect(status).toMatchObject({
    status: 'active',
    rejected: [
      {
        message: 'changePlan',
        reason:
          '/newPlan: This field is not known here; there are newPlanId, quantity, immediate, prorationBehavior, prorationDate',
      },
      { message: 'changePlan', reason: 'There is no plan 999999999.' },
    ],
  });
  const { body } = await shop.admin.get(`/subscriptions/${id}/history`);
  expect(body.data.map(({ action }: { action: string }) => action)).toEqual([
    'plan_changed',
    'rejected',
    'rejected',
    'created',
  ]);

  await signal('cancel', { reason: 'enough', cancelAtPeriodEnd: false });
  expect(
    await until(
      () => shop.read(id),
      ({ status: now }) => now === 'cancelled',
    ),
  ).toMatchObject({
    status: 'cancelled',
    cancellationReason: 'enough',
  });
});

test('in real time a saved card is charged by the workflow of its payment', async () => {
  const id = await subscribe();
  const paid = await until(
    () => shop.read(id),
    ({ activatedAt }) => activatedAt !== null,
  );

  expect(paid).toMatchObject({ status: 'active', nextDeadline: 'renewal_invoice' });
  expect(await shop.invoicesOf(id)).toMatchObject([{ status: 'paid', invoiceNumber: expect.stringMatching(/^INV-/) }]);
});

test('a promotion is applied and removed from a terminal, and by a signal', async () => {
  const made = await shop.admin.post('/promotions', {
    ...{ name: 'Terminal', code: 'TERMINAL', discount: { kind: 'percent', ratePpm: 100_000 } },
  });
  expect(made.status).toBe(201);
  const id = await subscribe();
  await until(
    () => shop.read(id),
    ({ activatedAt }) => activatedAt !== null,
  );
  const applied = await bmms('subscription', 'promotion', 'apply', String(id), '--code', 'terminal', '--json');
  expect(JSON.parse(applied.stdout).discounts).toMatchObject([{ code: 'TERMINAL', isOver: false }]);
  expect((await bmms('subscription', 'promotion', 'list', String(id))).stdout).toMatch(/TERMINAL +once/);
  await temporal(
    ...['workflow', 'signal', '--workflow-id', `subscription/${id}`, '--name', 'removePromotion'],
    ...['--input', '{"promotionCode":"TERMINAL"}'],
  );

  expect(
    (
      await until(
        () => shop.read(id),
        ({ discounts }) => discounts.length === 0,
      )
    ).discounts,
  ).toEqual([]);
});
