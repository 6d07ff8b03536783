import { plan199 } from '../end-to-end/model/switch-world';
import { type ClusterWorld, openClusterWorld, revisionsOf } from './cluster-world';

let world: ClusterWorld;

/** Pods are good once they answer over Temporal (D33): the worker host beside the cluster does it for them. */
beforeAll(async () => {
  world = await openClusterWorld({ SMOKE_CHECK: 'answer' });
}, 240_000);
afterAll(() => world?.close());

test('what begins on a cluster is kept once it answers over Temporal', async () => {
  expect(await world.switchTo({ businessModel: 'retail' })).toMatchObject({ status: 'succeeded', revision: 1 });
  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 1, available: 1 });
}, 240_000);

test('pods that are ready and do not answer are put back', async () => {
  await world.killHost();
  await world.startHost('subscription-svc');
  const asked = await world.ask({ businessModel: 'subscription', plans: [plan199] });
  await world.approve(asked);

  // An answer is waited for a minute.
  expect(await world.over(asked.id, world.api, 180_000)).toMatchObject({
    status: 'rolled_back',
    outcomeCode: 'smoke_failed',
    outcome: expect.stringContaining('a service does not answer'),
  });
  expect(await world.replicasOf('subscription-svc')).toBeNull();
  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 1, available: 1 });
  expect(await revisionsOf(world)).toMatchObject([{ state: 'failed' }, { state: 'deployed' }]);
  expect((await world.api.get('/model')).body).toMatchObject({
    businessModel: 'retail',
    accepts: { orders: true, subscriptions: false, addons: false },
  });
}, 240_000);
