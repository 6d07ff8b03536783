import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type { JsonObject, Release } from '../../domain/deployments/deployment-target-types';
import { startOutageProxy } from '../environment/outage-proxy';
import { readLive } from '../environment/read-live';
import { applyAsAdmin, prepareTestPlace, type TestPlace, wanted } from '../environment/test-place';
import { revisionsOf } from './cluster-world';

describe('a deployment that meets trouble', () => {
  let place: TestPlace;
  let target: DeploymentTarget;
  const apply = async (release: Release, key: string, by = target) =>
    by.apply({ release, key, approved: await by.describe() });
  const deploy = async (release: Release, key: string) => {
    const applied = await apply(release, key);
    expect(await target.watchRollout(applied, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });
    await target.confirm(key);
  };
  const deployment = (spec: JsonObject, name = 'billing-svc'): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: `${place.prefix}finance` },
    spec,
  });

  beforeEach(async () => {
    place = await prepareTestPlace();
    target = await place.target();
  });
  afterEach(() => place.clear());

  test('a cluster that is away in the middle is waited for, and what was begun goes on', async () => {
    const { hostname, port } = new URL(place.admin.server);
    const proxy = await startOutageProxy({ host: hostname, port: Number(port) });
    const far = await place.target({}, await place.connect(`https://${proxy.address}`));

    try {
      const release = await far.render([wanted('billing-svc'), wanted('order-svc')]);
      const approved = await far.describe();
      await proxy.seem('away');
      await expect(far.apply({ release, key: 'model-switch/1', approved })).rejects.toMatchObject({
        name: 'ClusterUnavailable',
      });
      await proxy.seem('there');
      const applied = await far.apply({ release, key: 'model-switch/1', approved });

      await proxy.seem('away');
      const says: string[] = [];
      let looksAway = 0;
      const outcome = await far.watchRollout(applied, {
        timeoutMs: 60_000,
        onProgress({ waitingFor }) {
          says.push(...waitingFor.map((one) => one.says));
          looksAway += 1;
          if (looksAway === 2) {
            void proxy.seem('there');
          }
        },
      });

      expect(outcome).toEqual({ outcome: 'ready' });
      expect(says).toContain('the cluster does not answer; asking again');
    } finally {
      await proxy.close();
    }
  });

  test('fields that somebody else has changed are shown, and taken back; theirs stay', async () => {
    const release = await target.render([wanted('billing-svc')]);
    await deploy(release, 'model-switch/1');
    const container = { name: 'app', image: 'other/image:9', imagePullPolicy: 'Always' };
    await applyAsAdmin(place.admin, deployment({ template: { spec: { containers: [container] } } }), {
      manager: 'kubectl-edit',
      force: true,
    });

    const changes = await target.dryRun(release);
    const [state] = await target.readState(release);
    await deploy(release, 'model-switch/2');

    const change = changes.find(({ kind }) => kind === 'Deployment');
    expect(change?.takenFrom).toEqual([
      { manager: 'kubectl-edit', field: 'spec.template.spec.containers[name="app"].image' },
    ]);
    expect(state?.drift.map(({ kind, fields }) => [kind, fields])).toEqual([
      ['Deployment', ['spec.template.spec.containers[0].image']],
    ]);
    const after = await readLive(place, 'Deployment', 'finance', 'billing-svc');
    expect(after.content).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'shop/bmms:1.0.0', imagePullPolicy: 'Always' }] } } },
    });
  });

  test('a quota that lets no pod be made is a failure with its name, and is put back', async () => {
    const before = await target.render([wanted('billing-svc')]);
    await deploy(before, 'model-switch/1');
    await applyAsAdmin(place.admin, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: `${place.prefix}finance` },
      spec: { hard: { pods: '1' } },
    });
    await quotaCounts(place);
    const release = await target.render([wanted('billing-svc', { replicas: 3 })]);
    const applied = await apply(release, 'model-switch/2');
    const outcome = await target.watchRollout(applied, { timeoutMs: 60_000 });

    expect(outcome).toMatchObject({ outcome: 'failed', reasons: [{ service: 'billing-svc' }] });
    expect(JSON.stringify(outcome)).toContain('exceeded quota: small');
    const restored = await target.restore('model-switch/2', 'quota');
    expect(await target.watchRollout(restored!, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });
    expect(await target.readState(before)).toMatchObject([{ state: 'ready', readyReplicas: 1, drift: [] }]);
  });

  test('a Deployment that was deleted by hand is seen as missing, and made again when asked', async () => {
    const release = await target.render([wanted('billing-svc'), wanted('payment-svc')]);
    await deploy(release, 'model-switch/1');
    await place.admin.send({
      method: 'DELETE',
      path: `/apis/apps/v1/namespaces/${place.prefix}finance/deployments/billing-svc`,
    });

    const [billing, payment] = await target.readState(release);
    expect(billing).toMatchObject({
      state: 'missing',
      says: 'there is no Deployment',
      drift: [{ kind: 'Deployment', name: 'billing-svc', change: 'create' }],
    });
    expect(payment).toMatchObject({ state: 'ready', drift: [] });

    await deploy(release, 'mend/1');
    expect(await target.readState(release)).toMatchObject([{ drift: [], state: 'ready' }, { drift: [] }]);
  });

  test('a Deployment that is deleted while it is rolled out claims nothing', async () => {
    const release = await (await place.target({ image: 'shop/never-ready:1' })).render([wanted('billing-svc')]);
    const applied = await apply(release, 'model-switch/1');
    await place.admin.send({
      method: 'DELETE',
      path: `/apis/apps/v1/namespaces/${place.prefix}finance/deployments/billing-svc`,
    });

    expect(await target.watchRollout(applied, { timeoutMs: 60_000 })).toMatchObject({ outcome: 'superseded' });
  });

  test('replicas that an autoscaler sets are left to it, through deploying, restoring, stopping and starting', async () => {
    const release = await target.render([wanted('billing-svc')]);
    await deploy(release, 'model-switch/1');
    await scaleAsAutoscaler(place, 4);
    const replicas = async () => {
      const { content } = await readLive(place, 'Deployment', 'finance', 'billing-svc');

      return (content['spec'] as JsonObject)['replicas'];
    };

    const changed = await target.render([wanted('billing-svc', { env: { SUBSCRIPTION_ENABLED: 'true' } })]);
    const change = (await target.dryRun(changed)).find(({ kind }) => kind === 'Deployment');
    expect(change?.leftTo).toEqual([{ manager: 'autoscaler', field: 'spec.replicas' }]);
    expect(change?.fields).not.toContain('spec.replicas');
    await apply(changed, 'model-switch/2');
    expect(await replicas()).toBe(4);
    expect(await target.readStandings([wanted('billing-svc')])).toMatchObject([{ state: 'running', replicas: 1 }]);
    await target.restore('model-switch/2', 'on second thoughts');
    expect(await replicas()).toBe(4);

    await deploy(await target.render([wanted('billing-svc', { replicas: 0 })]), 'model-switch/3');
    expect(await replicas()).toBe(0);
    await deploy(release, 'model-switch/4');
    expect(await replicas()).toBe(1);
    await scaleAsAutoscaler(place, 3);
    await deploy(changed, 'model-switch/5');
    expect(await replicas()).toBe(3);
  });

  test('an object that somebody made before us is a conflict that names it, and nothing is applied', async () => {
    const spec = { selector: { app: 'theirs' }, ports: [{ name: 'web', port: 80 }] };
    const theirs = { name: 'payment-svc', namespace: `${place.prefix}finance` };
    await applyAsAdmin(place.admin, { apiVersion: 'v1', kind: 'Service', metadata: theirs, spec }, { manager: 'helm' });
    const release = await target.render([wanted('billing-svc'), wanted('payment-svc')]);

    await expect(target.dryRun(release)).rejects.toMatchObject({ code: 'target_conflict' });
    await expect(apply(release, 'model-switch/1')).rejects.toMatchObject({
      code: 'target_conflict',
      message: expect.stringContaining(`Service ${theirs.namespace}/payment-svc stands there already and is not ours`),
      params: { managers: ['helm'] },
    });

    expect((await readLive(place, 'ConfigMap', 'finance', 'billing-svc-environment')).isThere).toBe(false);
    const service = await readLive(place, 'Service', 'finance', 'payment-svc');
    expect(service.content).toMatchObject({ spec: { selector: { app: 'theirs' } } });

    // Handed over by its label, it is taken.
    const labels = { 'app.kubernetes.io/managed-by': 'bmms' };
    await applyAsAdmin(
      place.admin,
      { apiVersion: 'v1', kind: 'Service', metadata: { ...theirs, labels }, spec },
      { manager: 'helm' },
    );
    await deploy(release, 'model-switch/2');
  });

  test('a right that is missing is told with what is missing and what gives it, and nothing is applied', async () => {
    await place.admin.send({
      method: 'DELETE',
      path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${place.prefix}finance/rolebindings/bmms-deployer`,
    });
    await place.untilMayDeploy('finance', false);
    const release = await target.render([wanted('order-svc'), wanted('billing-svc')]);

    const failure = await apply(release, 'model-switch/1').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'target_forbidden',
      message: expect.stringMatching(/cannot get resource .* in the namespace .*finance.*bmms manifests bootstrap/),
    });
    expect((await readLive(place, 'ConfigMap', 'order', 'order-svc-environment')).isThere).toBe(false);
  });

  test('what was refused may be tried again under its key, as one record of it; what was put back may not', async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${place.prefix}finance/rolebindings/bmms-deployer`;
    const { body } = await place.admin.send({ method: 'GET', path });
    const { apiVersion, kind, roleRef, subjects } = body;
    const metadata = { name: 'bmms-deployer', namespace: `${place.prefix}finance` };
    const release = await target.render([wanted('billing-svc')]);
    await place.admin.send({ method: 'DELETE', path });
    await place.untilMayDeploy('finance', false);
    const refused = { code: 'target_forbidden' };
    await expect(apply(release, 'model-switch/1/stop/billing-svc')).rejects.toMatchObject(refused);
    await expect(apply(release, 'model-switch/1/stop/billing-svc')).rejects.toMatchObject(refused);
    await expect(apply(release, 'model-switch/2')).rejects.toMatchObject(refused);
    await target.restore('model-switch/2', 'it was cancelled');
    const granted = { apiVersion, kind, metadata, roleRef, subjects } as JsonObject;
    await place.admin.send({ method: 'POST', path: path.replace('/bmms-deployer', ''), body: granted });
    await place.untilMayDeploy('finance');

    await deploy(release, 'model-switch/1/stop/billing-svc');
    await expect(apply(release, 'model-switch/2')).rejects.toMatchObject({ code: 'target_conflict' });

    expect(await revisionsOf({ place })).toEqual([
      { key: 'model-switch/1/stop/billing-svc', state: 'deployed' },
      { key: 'model-switch/2', state: 'failed' },
    ]);
  });

  test('planning takes no more than the right to read', async () => {
    const release = await target.render([wanted('order-svc', { replicas: 2, env: { BILLING_MODE: 'onetime' } })]);
    await deploy(release, 'model-switch/1');
    const planner = await place.target({}, await place.connect(undefined, 'bmms-planner'));

    expect(await planner.describe()).toEqual(await target.describe());
    expect(await planner.readStandings([wanted('order-svc'), wanted('subscription-svc')])).toEqual([
      { service: 'order-svc', state: 'running', replicas: 2, env: { BILLING_MODE: 'onetime' } },
      { service: 'subscription-svc', state: 'missing', replicas: 0, env: {} },
    ]);
    // It reads what it would change first, and may not even do that of services.
    await expect(planner.dryRun(release)).rejects.toMatchObject({
      code: 'target_forbidden',
      params: { verb: 'get', namespace: `${place.prefix}order` },
    });
  });

  test('a place that nobody prepared is told what prepares it', async () => {
    const nowhere = await place.target({ namespacePrefix: `${place.prefix}x-` }, place.admin);

    await expect(nowhere.describe()).rejects.toMatchObject({
      code: 'target_incomplete',
      message: expect.stringContaining('bmms manifests bootstrap'),
    });
  });

  test('another cluster than the one that was approved is refused', async () => {
    const release = await target.render([wanted('billing-svc')]);
    const approved = { ...(await target.describe()), clusterId: '00000000-0000-0000-0000-000000000000' };

    await expect(target.apply({ release, key: 'model-switch/1', approved })).rejects.toMatchObject({
      code: 'target_changed',
    });
    expect((await readLive(place, 'ConfigMap', 'finance', 'billing-svc-environment')).isThere).toBe(false);
  });

  test('two at once: one applies, the other is told whose turn it is', async () => {
    const [left, right] = [await target.render([wanted('billing-svc')]), await target.render([wanted('crm-svc')])];
    const results = await Promise.allSettled([apply(left, 'model-switch/1'), apply(right, 'model-switch/2')]);
    const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));

    expect(failed).toEqual([expect.objectContaining({ code: 'target_busy' })]);
    const winner = results[0]?.status === 'fulfilled' ? 'model-switch/1' : 'model-switch/2';
    expect(failed[0].params).toMatchObject({ key: winner, revision: 1 });
    await target.confirm(winner);
    await apply(right, 'model-switch/3');
  });

  test('applying again under the same key goes on with the same revision', async () => {
    const release = await target.render([wanted('billing-svc')]);
    const first = await apply(release, 'model-switch/1');
    const again = await apply(release, 'model-switch/1', await place.target());

    expect(again).toEqual(first);
    const other = await target.render([wanted('billing-svc', { replicas: 2 })]);
    await expect(apply(other, 'model-switch/1')).rejects.toMatchObject({ code: 'target_conflict' });
    expect(await target.restore('nobody/1', 'nothing there')).toBeNull();
  });
});

/** As a HorizontalPodAutoscaler does: an update of the subresource `scale`. */
async function scaleAsAutoscaler(place: TestPlace, replicas: number): Promise<void> {
  const answer = await place.admin.send({
    method: 'PATCH',
    path: `/apis/apps/v1/namespaces/${place.prefix}finance/deployments/billing-svc/scale`,
    query: { fieldManager: 'autoscaler' },
    body: { spec: { replicas } },
    contentType: 'application/merge-patch+json',
  });
  expect(answer.status).toBe(200);
}

/** A quota counts what there is some moments after it was made; before that it admits nothing or anything. */
async function quotaCounts(place: TestPlace): Promise<void> {
  for (;;) {
    const { body } = await place.admin.send({
      method: 'GET',
      path: `/api/v1/namespaces/${place.prefix}finance/resourcequotas/small`,
    });
    const status = body['status'] as { used?: JsonObject } | undefined;

    if (status?.used?.['pods'] !== undefined) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
