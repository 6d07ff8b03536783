import { type ApiClient } from '../../environment/api-client';
import { runBmms } from '../../environment/run-bmms';
import { intentOf, openSwitchWorld, plan199, type SwitchWorld, until } from './switch-world';
import { printPace } from './print-pace';

let world: SwitchWorld;
let api: ApiClient;

beforeAll(async () => {
  world = await openSwitchWorld();
  ({ api } = world);
}, 240_000);
afterAll(() => world?.close());

const { order, query, stateOf, over, reaches, switchTo } = new Proxy({} as SwitchWorld, {
  get:
    (_none, name) =>
    (...args: never[]) =>
      (world[name as 'order'] as (...given: never[]) => unknown)(...args),
});

it('begins as multi with everything running, and shows what would change before anything does', async () => {
  const shown = await api.post('/model/parse', { intent: intentOf({ businessModel: 'retail' }) });

  expect((await api.get('/model')).body).toMatchObject({
    businessModel: 'multi',
    accepts: { orders: true, subscriptions: true, addons: true },
    deployment: null,
  });
  expect(shown).toMatchObject({ status: 200, body: { changeset: { from: 'multi', to: 'retail' } } });
  expect(shown.body.description.vi).toContain('Chuyển mô hình kinh doanh: kết hợp → bán lẻ');
  expect((await api.get('/model/deployments')).body.data).toEqual([]);
});

it('refuses what is unclear, contradictory or so already, and changes nothing', async () => {
  const question = { code: 'period', about: 'plans', span: null, vi: 'Mỗi tháng?', en: 'A month?' };
  const answers = [
    await api.post('/model/switch', { intent: intentOf({ businessModel: 'subscription', questions: [question] }) }),
    await api.post('/model/switch', { intent: intentOf({ businessModel: 'retail', plans: [plan199] }) }),
    await api.post('/model/switch', { intent: intentOf({}) }),
    await api.post('/model/switch', { intent: intentOf({ businessModel: 'retail' }), planHash: '0'.repeat(64) }),
    await api.post('/model/deployments/99/approve', {}),
  ];

  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [422, 'intent_unclear'],
    [422, 'validation_failed'],
    [422, 'no_change'],
    [409, 'plan_stale'],
    [404, 'not_found'],
  ]);
  expect((await api.get('/model/deployments')).body.data).toEqual([]);
});

it('switches shop → subscriptions → shop with 100 orders in flight: all finish, and nothing new slips through the closed door', async () => {
  const toRetail = await switchTo({ businessModel: 'retail' });
  expect(toRetail).toMatchObject({ status: 'succeeded', retiring: [] });
  expect(await stateOf('subscription-svc')).toBe('stopped');
  await world.keep('succeeded', toRetail.id);

  const placed: number[] = [];

  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => order()));
    placed.push(...answers.map(({ status, body }) => (expect(status).toBe(201), Number(body.id))));
  }
  const late: { status: number; code: string | undefined; id: number | undefined }[] = [];
  let isOpen = true;
  const rush = (async () => {
    while (isOpen) {
      const { status, body } = await order();
      late.push({ status, code: body.code, id: body.id });
    }
  })();
  const toSubscription = await switchTo({ businessModel: 'subscription', plans: [plan199] });
  isOpen = false;
  await rush;

  expect(toSubscription).toMatchObject({ status: 'succeeded', retiring: ['order-svc', 'inventory-svc'] });
  const accepted = late.filter(({ status }) => status === 201).map(({ id }) => Number(id));
  const refused = late.filter(({ status }) => status !== 201);
  expect(refused.every(({ status, code }) => status === 409 && code === 'model_not_accepting')).toBe(true);
  expect(await order()).toMatchObject({
    status: 409,
    body: { code: 'model_not_accepting', businessModel: 'subscription' },
  });
  const [{ count }] = await query('SELECT count(*)::int AS count FROM ordering.orders');
  expect(count).toBe(placed.length + accepted.length);
  // They came one after the other: once one is refused, none is taken any more.
  const firstRefused = late.findIndex(({ status }) => status !== 201);
  expect(firstRefused).toBeGreaterThanOrEqual(0);
  expect(late.slice(firstRefused).filter(({ status }) => status === 201)).toEqual([]);

  // What was bought keeps its promise while its service retires.
  for (const id of [...placed, ...accepted]) {
    expect((await api.post(`/orders/${id}/ship`, { carrier: 'GHN', trackingNumber: `T-${id}` })).status).toBe(200);
    expect((await api.post(`/orders/${id}/deliver`, {})).status).toBe(200);
  }
  await until('order-svc is stopped', async () => (await stateOf('order-svc')) === 'stopped', 180_000);
  await until('inventory-svc is stopped', async () => (await stateOf('inventory-svc')) === 'stopped');

  await world.keep('retired-what-was-busy', toSubscription.id);

  const plans = await api.get('/plans?limit=100');
  const sold = plans.body.data.find(({ price }: { price: number }) => price === 199_000);
  expect(sold).toMatchObject({ status: 'active' });
  expect((await api.post('/subscriptions', { customerId: 1, planId: sold.id, paymentMethod: 'vnpay' })).status).toBe(
    201,
  );

  const back = await api.post(`/model/deployments/${toSubscription.id}/rollback`);
  expect(back).toMatchObject({ status: 201, body: { rollbackOf: toSubscription.id, changeset: { to: 'retail' } } });
  await reaches(back.body.id, ['awaiting_approval']);
  await api.post(`/model/deployments/${back.body.id}/approve`, { planHash: back.body.planHash });
  const ended = await over(back.body.id);
  expect(ended).toMatchObject({ status: 'succeeded', retiring: ['subscription-svc'] });
  printPace('on this machine', ended);
  expect(await stateOf('order-svc')).toBe('running');
  expect((await order()).status).toBe(201);
}, 400_000);

it('answers early, double and stale approvals', async () => {
  const intent = intentOf({ plans: [], taxRate: 0.08 });
  const shown = await api.post('/model/switch', { intent, dryRun: true });
  const asked = await api.post('/model/switch', { intent });
  const { id, planHash } = asked.body;

  expect(shown.body.planHash).toBe(planHash);
  expect(await api.post('/model/switch', { intent })).toMatchObject({
    status: 409,
    body: { code: 'deployment_state', deploymentId: id },
  });
  await query(`UPDATE platform.company_settings SET values = values || '{"taxRatePpm": 50000}'`);
  const stale = await api.post(`/model/deployments/${id}/approve`, { planHash });
  expect(stale).toMatchObject({ status: 409, body: { code: 'plan_stale', deploymentId: id } });
  const yes = () => api.post(`/model/deployments/${id}/approve`, { planHash: stale.body.planHash });
  expect(await Promise.all([yes(), yes()])).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(await over(id)).toMatchObject({ status: 'succeeded' });
  expect(await yes()).toMatchObject({ status: 200 });
  expect(await api.post(`/model/deployments/${id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'deployment_state' },
  });
  const early = intentOf({ taxRate: 0.1 });
  const seen = await api.post('/model/parse', { intent: early });
  const begun = await api.post('/model/switch', { intent: early, planHash: seen.body.planHash });
  expect(begun.body.approvedAt).not.toBeNull();
  expect(await over(begun.body.id)).toMatchObject({ status: 'succeeded' });
});

it('is approved and cancelled by signals from a terminal, and what makes no sense is shown', async () => {
  const { body } = await api.post('/model/switch', { intent: intentOf({ taxRate: 0.05 }) });
  const handle = world.temporal.client.workflow.getHandle(`model-switch/${body.id}`);
  await reaches(body.id, ['awaiting_approval']);
  await handle.signal('approve', { planHash: 'no such plan' });
  await handle.signal('cancel');

  expect(await over(body.id)).toMatchObject({ status: 'cancelled', outcomeCode: 'cancelled' });
  await world.keep('refused-and-cancelled-by-signals', body.id);
  const again = await api.post('/model/switch', { intent: intentOf({ taxRate: 0.05 }) });
  await world.temporal.client.workflow
    .getHandle(`model-switch/${again.body.id}`)
    .signal('approve', again.body.planHash);
  expect(await over(again.body.id)).toMatchObject({ status: 'succeeded' });
});

it('expires without a yes', async () => {
  const { body } = await api.post('/model/switch', { intent: intentOf({ taxRate: 0.06 }) });
  await reaches(body.id, ['awaiting_approval']);
  await world.keep('waiting-for-approval', body.id);
  await query(`UPDATE platform.deployments SET expires_at = now() WHERE id = $1`, [body.id]);
  await world.lookAgain(body.id);

  expect(await over(body.id)).toMatchObject({ status: 'expired' });
  await world.keep('expired', body.id);
  expect((await api.get('/model')).body.accepts).toEqual({ orders: true, subscriptions: false, addons: false });
});

it('refuses while work is open where it is asked to, and puts the door back', async () => {
  const refuse = await api.post('/model/switch', {
    intent: intentOf({ businessModel: 'freemium' }),
    drain: 'refuse',
  });
  await reaches(refuse.body.id, ['awaiting_approval']);
  const answer = await api.post(`/model/deployments/${refuse.body.id}/approve`, { planHash: refuse.body.planHash });

  expect(answer).toMatchObject({ status: 409, body: { code: 'work_open', openWork: { orders: 1 } } });
  expect((await api.post(`/model/deployments/${refuse.body.id}/cancel`)).body.status).toBe('cancelled');
  const wait = await api.post('/model/switch', {
    intent: intentOf({ businessModel: 'freemium', plans: [{ ...plan199, name: 'Pro', price: 99_999 }] }),
    drain: 'wait',
    drainMinutes: 60,
  });
  await reaches(wait.body.id, ['awaiting_approval']);
  await api.post(`/model/deployments/${wait.body.id}/approve`, { planHash: wait.body.planHash });
  await reaches(wait.body.id, ['draining']);
  expect(await order()).toMatchObject({ status: 409, body: { code: 'model_not_accepting' } });
  expect((await api.post(`/model/deployments/${wait.body.id}/cancel`)).body.status).toBe('cancelled');
  await until('orders are taken again', async () => (await order()).status === 201);
});

it('is planned, approved, watched, shown and taken back from the command line', async () => {
  const bmms = async (...args: string[]) => {
    const { code, stdout } = await runBmms(world.system.description, ['model', ...args]);
    expect(code).toBe(0);

    return stdout;
  };
  const before = (await api.get('/model/deployments')).body.data.length;

  expect(await bmms('plan', '--to', 'multi', '--lang', 'en')).toContain('The business changes: retail → multi');
  expect((await api.get('/model/deployments')).body.data).toHaveLength(before);
  const switched = await bmms('switch', '--to', 'multi', '--yes');
  expect(switched).toContain('Chuyển mô hình kinh doanh: bán lẻ → kết hợp');
  expect(switched).toMatch(/draining[\s\S]*applying[\s\S]*verifying[\s\S]*succeeded/);
  const [{ id }] = JSON.parse(await bmms('history', '--json'));
  expect((await api.get('/model')).body.businessModel).toBe('multi');
  const asked = await bmms('rollback', String(id));
  const [, back = '', hash = ''] = /bmms model approve (\d+) --plan-hash ([0-9a-f]{64})/.exec(asked) ?? [];
  expect(await bmms('approve', back, '--plan-hash', hash)).toContain('succeeded');
  expect((await api.get('/model')).body.businessModel).toBe('retail');
  const third = await bmms('switch', '--to', 'subscription');
  const [, last = ''] = /bmms model approve (\d+)/.exec(third) ?? [];
  expect(await bmms('cancel', last)).toContain('cancelled');
  expect(JSON.parse(await bmms('status', '--json'))).toMatchObject({ id: Number(last), status: 'cancelled' });
});
