import { setTimeout as sleep } from 'node:timers/promises';

import { applyAsAdmin } from '../environment/test-place';
import { printPace } from '../end-to-end/model/print-pace';
import { intentOf, plan199, until } from '../end-to-end/model/switch-world';
import { type ClusterWorld, openClusterWorld, revisionsOf } from './cluster-world';

let world: ClusterWorld;

beforeAll(async () => {
  world = await openClusterWorld();
}, 240_000);
afterAll(() => world?.close());

test('what a business needs is created on an empty cluster; the plan says which cluster that is', async () => {
  const shown = await world.api.post('/model/parse', { intent: intentOf({ businessModel: 'retail' }) });
  const { target, changeset, description } = shown.body;
  expect(target).toMatchObject({
    kind: 'kubernetes',
    context: 'place',
    clusterId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(description.en).toContain(`Target: kubernetes (place, ${target.server}, ${target.clusterId})`);
  expect(changeset.services.map(({ service, action }: any) => [service, action])).toEqual([
    ['order-svc', 'create'],
    ['inventory-svc', 'create'],
    ['billing-svc', 'create'],
  ]);

  const ended = await world.switchTo({ businessModel: 'retail' });

  expect(ended).toMatchObject({ status: 'succeeded', retiring: [], revision: 1 });
  for (const service of ['order-svc', 'inventory-svc', 'billing-svc']) {
    expect(await world.replicasOf(service)).toMatchObject({ wanted: 1, available: 1 });
  }
  expect(await world.replicasOf('subscription-svc')).toBeNull();
  const told = await world.query(
    `SELECT type, payload FROM platform.events WHERE subject = $1 AND type LIKE 'k8s.%' ORDER BY subject_seq`,
    [`model-switch/${ended.id}`],
  );
  expect(told.map(({ type, payload }) => [type, payload.target, payload.targetId, payload.revision])).toEqual([
    ['k8s.deployment.requests', 'kubernetes', target.targetId, null],
    ['k8s.deployment.succeeded', 'kubernetes', target.targetId, 1],
  ]);
  expect(await revisionsOf(world)).toEqual([{ key: `model-switch/${ended.id}`, state: 'deployed' }]);
}, 240_000);

test('subscriptions begin, billing is told, the shop ends once nothing of it is open, and goes on when it is taken back', async () => {
  const switched = await world.switchTo({ businessModel: 'subscription', plans: [plan199] });

  expect(switched).toMatchObject({ status: 'succeeded', retiring: [] });
  printPace('on a cluster', switched);
  for (const service of ['subscription-svc', 'promotion-svc', 'billing-svc']) {
    expect(await world.replicasOf(service)).toMatchObject({ wanted: 1, available: 1 });
  }
  for (const service of ['order-svc', 'inventory-svc']) {
    expect(await world.replicasOf(service)).toMatchObject({ wanted: 0 });
  }
  expect(await world.environmentOf('billing-svc')).toMatchObject({
    SUBSCRIPTION_ENABLED: 'true',
    BILLING_MODE: 'recurring',
  });
  const { services } = (await world.api.get('/model')).body;
  expect(services.map(({ service, state }: any) => [service, state])).toEqual([
    ['order-svc', 'stopped'],
    ['inventory-svc', 'stopped'],
    ['subscription-svc', 'running'],
    ['promotion-svc', 'running'],
    ['billing-svc', 'running'],
  ]);

  const back = await world.api.post(`/model/deployments/${switched.id}/rollback`);
  expect(back).toMatchObject({ status: 201, body: { target: { kind: 'kubernetes' } } });
  const asked = await world.reaches(back.body.id, ['awaiting_approval']);
  await world.approve(asked);

  expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded' });
  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 1, available: 1 });
  await until('subscriptions are stopped', async () => (await world.replicasOf('subscription-svc'))?.wanted === 0);
  expect((await world.api.get('/model')).body.businessModel).toBe('retail');
}, 240_000);

test('a cluster that is away for 20 s in the middle is waited for', async () => {
  const asked = await world.ask({ businessModel: 'subscription' });
  await world.approve(asked);
  await world.proxy.seem('away');
  expect(await world.api.post('/model/parse', { intent: intentOf({ businessModel: 'multi' }) })).toMatchObject({
    status: 503,
    body: { code: 'target_unavailable' },
  });
  expect(await world.api.get('/model')).toMatchObject({ status: 200, body: { services: null } });
  await sleep(20_000);
  expect((await world.read(asked.id)).endedAt).toBeNull();
  await world.proxy.seem('there');

  expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded' });
  expect((await world.replicasOf('subscription-svc'))?.available).toBe(1);
}, 240_000);

test('nothing is lost or repeated when the worker host is killed during a rollout', async () => {
  for (const [round, delay] of [0, 300, 900].entries()) {
    const businessModel = round % 2 === 0 ? 'retail' : 'subscription';
    const asked = await world.ask({ businessModel });
    await world.approve(asked);
    await sleep(delay);
    await world.killHost();
    await world.startHost();

    expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded' });
    expect((await world.api.get('/model')).body.businessModel).toBe(businessModel);
    const ofSwitch = (await revisionsOf(world)).filter(({ key }) => key === `model-switch/${asked.id}`);
    expect(ofSwitch).toHaveLength(1);
    expect(ofSwitch[0]?.state).toMatch(/deployed|superseded/);
    const begun = businessModel === 'retail' ? 'order-svc' : 'subscription-svc';
    expect(await world.replicasOf(begun)).toMatchObject({ wanted: 1, available: 1 });
  }
}, 400_000);

test('fields that somebody else has set are taken back, and the story of the switch says whose they were', async () => {
  const { prefix, admin } = world.place;
  const container = { name: 'app', image: 'other/image:9' };
  await applyAsAdmin(
    admin,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'billing-svc', namespace: `${prefix}finance` },
      spec: { template: { spec: { containers: [container] } } },
    },
    { manager: 'kubectl-edit', force: true },
  );

  const ended = await world.switchTo({ taxRate: 0.08 });

  expect(ended.status).toBe('succeeded');
  expect(JSON.stringify(ended.steps)).toContain(
    `image of Deployment ${prefix}finance/billing-svc is taken back from kubectl-edit`,
  );
  expect((await world.replicasOf('billing-svc'))?.image).toBe('shop/bmms:1.0.0');
});
