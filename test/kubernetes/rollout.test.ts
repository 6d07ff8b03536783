import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type { Release, RolloutProgress } from '../../domain/deployments/deployment-target-types';
import { prepareTestPlace, type TestPlace, wanted } from '../environment/test-place';
import { readLive } from '../environment/read-live';

describe('a release on a cluster', () => {
  let place: TestPlace;
  let target: DeploymentTarget;
  const bring = async (by: DeploymentTarget, release: Release, key: string) => {
    const applied = await by.apply({ release, key, approved: await by.describe() });

    return { applied, outcome: await by.watchRollout(applied, { timeoutMs: 60_000 }) };
  };
  const deploy = async (by: DeploymentTarget, release: Release, key: string) => {
    const { applied, outcome } = await bring(by, release, key);
    expect(outcome).toEqual({ outcome: 'ready' });
    await by.confirm(key);

    return applied;
  };

  beforeEach(async () => {
    place = await prepareTestPlace();
    target = await place.target();
  });
  afterEach(() => place.clear());

  test('is applied with the rights that the product asks for, rolled out, and found as it should be', async () => {
    const release = await target.render([wanted('order-svc', { replicas: 2 }), wanted('billing-svc')]);
    expect((await target.dryRun(release)).map(({ change }) => change)).toEqual(Array(8).fill('create'));

    expect((await deploy(target, release, 'model-switch/1')).revision).toBe(1);

    expect(await target.readState(release)).toEqual([
      expect.objectContaining({ service: 'billing-svc', state: 'ready', readyReplicas: 1, drift: [] }),
      expect.objectContaining({ service: 'order-svc', state: 'ready', readyReplicas: 2, drift: [] }),
    ]);
    expect((await target.dryRun(release)).every(({ change }) => change === 'unchanged')).toBe(true);
  });

  test('the documents’ switch to subscription: two services start, billing is told, two end', async () => {
    const retail = ['order-svc', 'inventory-svc', 'billing-svc'].map((service) => wanted(service));
    await deploy(target, await target.render(retail), 'model-switch/1');

    const switched = await target.render([
      wanted('subscription-svc'),
      wanted('promotion-svc'),
      wanted('billing-svc', { env: { SUBSCRIPTION_ENABLED: 'true' } }),
      wanted('order-svc', { replicas: 0 }),
      wanted('inventory-svc', { replicas: 0 }),
    ]);
    const changes = await target.dryRun(switched);
    const approved = await target.describe();
    const request = { release: switched, key: 'model-switch/2', approved };
    const rising = await target.apply({ ...request, only: ['subscription-svc', 'promotion-svc', 'billing-svc'] });
    expect(await target.watchRollout(rising, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });
    const ending = await target.apply({ ...request, only: ['order-svc', 'inventory-svc'] });
    const seen: RolloutProgress[] = [];
    const onProgress = (progress: RolloutProgress) => seen.push(progress);
    expect(await target.watchRollout(ending, { timeoutMs: 60_000, onProgress })).toEqual({ outcome: 'ready' });
    await target.confirm('model-switch/2');

    const deployments = changes.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ service, change }) => [service, change])).toEqual([
      ['billing-svc', 'update'],
      ['inventory-svc', 'update'],
      ['order-svc', 'update'],
      ['promotion-svc', 'create'],
      ['subscription-svc', 'create'],
    ]);
    expect(deployments[1]?.fields).toEqual(['spec.replicas']);
    expect(rising.revision).toBe(ending.revision);
    expect(seen.at(-1)).toEqual({ waitingFor: [], ready: 2, total: 2 });
    expect((await target.readState(switched)).map(({ service, state }) => [service, state])).toEqual([
      ['billing-svc', 'ready'],
      ['inventory-svc', 'stopped'],
      ['order-svc', 'stopped'],
      ['promotion-svc', 'ready'],
      ['subscription-svc', 'ready'],
    ]);
  });

  test('a change of the environment alone makes the pods anew', async () => {
    await deploy(target, await target.render([wanted('billing-svc')]), 'model-switch/1');
    const changed = await target.render([wanted('billing-svc', { env: { SUBSCRIPTION_ENABLED: 'true' } })]);
    const before = await readLive(place, 'Deployment', 'finance', 'billing-svc');
    await deploy(target, changed, 'model-switch/2');

    const after = await readLive(place, 'Deployment', 'finance', 'billing-svc');
    expect(after.generation).toBe(before.generation + 1);
  });

  test('an image that never gets ready fails by its deadline, is put back, and the former version serves', async () => {
    const good = await target.render([wanted('billing-svc', { replicas: 2 })]);
    await deploy(target, good, 'model-switch/1');

    const broken = await place.target({ image: 'shop/never-ready:1.1.0', progressDeadlineSeconds: 8 });
    const bad = await broken.render([wanted('billing-svc', { replicas: 2 }), wanted('crm-svc')]);
    const { applied, outcome } = await bring(broken, bad, 'model-switch/2');
    expect(applied.revision).toBe(2);
    expect(outcome.outcome).toBe('failed');
    expect(JSON.stringify(outcome)).toContain('ImagePullBackOff');
    const during = await readLive(place, 'Deployment', 'finance', 'billing-svc');
    expect(during.content['status']).toMatchObject({ availableReplicas: 2 });

    const restored = await broken.restore('model-switch/2', 'the image does not get ready');
    expect(await target.watchRollout(restored!, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });

    expect(await target.readState(good)).toMatchObject([{ state: 'ready', readyReplicas: 2, drift: [] }]);
    for (const [kind, name] of [
      ['Deployment', 'crm-svc'],
      ['ConfigMap', 'crm-svc-environment'],
    ] as const) {
      expect((await readLive(place, kind, 'customer', name)).isThere).toBe(false);
    }
    await expect(broken.confirm('model-switch/2')).rejects.toMatchObject({ code: 'target_conflict' });
    expect(await broken.restore('model-switch/2', 'again')).toEqual(restored);
    await deploy(target, await target.render([wanted('billing-svc', { replicas: 1 })]), 'model-switch/3');
  });

  test('an old revision is applied as a new one', async () => {
    const first = await target.render([wanted('billing-svc', { replicas: 2 })]);
    await deploy(target, first, 'model-switch/1');
    await deploy(target, await target.render([wanted('billing-svc', { replicas: 1 })]), 'model-switch/2');

    const again = await target.readRevision(1);
    expect(again).toEqual(first);
    expect((await deploy(target, again, 'model-switch/3')).revision).toBe(3);
    expect(await target.readState(first)).toMatchObject([{ readyReplicas: 2, drift: [] }]);
    await expect(target.readRevision(9)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('what a later release does not have any more is deleted by prune, and only what we applied', async () => {
    const both = await target.render([wanted('billing-svc'), wanted('crm-svc')]);
    await deploy(target, both, 'model-switch/1');
    const one = await target.render([wanted('billing-svc')]);
    await deploy(target, one, 'model-switch/2');
    expect((await readLive(place, 'Deployment', 'customer', 'crm-svc')).isThere).toBe(true);

    const pruned = await target.prune(one);

    expect(pruned.map(({ kind, name, change }) => [kind, name, change])).toEqual([
      ['Deployment', 'crm-svc', 'delete'],
      ['PodDisruptionBudget', 'crm-svc', 'delete'],
      ['Service', 'crm-svc', 'delete'],
      ['ConfigMap', 'crm-svc-environment', 'delete'],
    ]);
    expect((await readLive(place, 'Deployment', 'customer', 'crm-svc')).isThere).toBe(false);
    expect(await target.prune(one)).toEqual([]);
    await expect(target.prune({ ...one, objects: [] })).rejects.toMatchObject({ code: 'target_refused' });
  });
});
