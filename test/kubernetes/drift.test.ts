import { lookAtTarget } from '../../clients/drift-client';
import { mendKey } from '../../domain/deployments/drift/drift-rules';
import { openDatabase } from '../../platform/db/database';
import { runBmms } from '../environment/run-bmms';
import { applyAsAdmin, wanted } from '../environment/test-place';
import { openTestCompany } from '../environment/test-company';
import { until } from '../end-to-end/model/switch-world';
import { type ClusterWorld, openClusterWorld, revisionsOf } from './cluster-world';

let world: ClusterWorld;

/** The Schedule's looks come when a test asks for one. */
beforeAll(async () => {
  world = await openClusterWorld({ DRIFT_MODE: 'mend', DRIFT_EVERY_SECONDS: '86400' });
  expect(await world.switchTo({ businessModel: 'retail' })).toMatchObject({ status: 'succeeded' });
}, 400_000);
afterAll(() => world?.close());

const remove = (place: string) => world.place.admin.send({ method: 'DELETE', path: place });
const deploymentPath = (domain: string, name: string) =>
  `/apis/apps/v1/namespaces/${world.place.prefix}${domain}/deployments/${name}`;

/** @returns status and what the command printed */
async function drift(...words: string[]): Promise<{ code: number; output: string }> {
  const env = { DEPLOYMENT_TARGET: 'kubernetes' };
  const { code, stdout } = await runBmms(world.system.description, ['model', 'drift', ...words], env);

  return { code, output: stdout };
}

test('what stands as it was deployed is told so', async () => {
  expect(await drift()).toEqual({ code: 0, output: 'kubernetes, revision 1: as it was deployed\n' });
  expect(await world.api.get('/model/drift')).toMatchObject({
    status: 200,
    body: { target: 'kubernetes', revision: 1, isBusy: false, changes: [], superfluous: [], needed: [] },
  });
});

test('a Deployment that was deleted by hand is seen, and made again when that is asked for', async () => {
  const { prefix } = world.place;
  await remove(deploymentPath('finance', 'billing-svc'));

  expect((await world.api.get('/model/drift')).body).toMatchObject({
    changes: [{ kind: 'Deployment', name: 'billing-svc', change: 'create' }],
    says: [`Deployment ${prefix}finance/billing-svc is missing`],
    outcome: 'found',
  });
  expect(await drift()).toMatchObject({ code: 1, output: expect.stringContaining('revision 1: found') });
  expect(await world.replicasOf('billing-svc')).toBeNull();

  expect(await drift('--mend')).toMatchObject({ code: 0, output: expect.stringContaining('revision 2: mended') });
  expect(await world.replicasOf('billing-svc')).toMatchObject({ wanted: 1, available: 1 });
  expect((await drift()).code).toBe(0);
}, 240_000);

test('the Schedule mends what it finds, leaves replicas to an autoscaler, and deletes what no revision names', async () => {
  const { prefix, admin } = world.place;
  const target = await world.place.target({ progressDeadlineSeconds: 60 });
  const stray = await target.render([wanted('crm-svc')]);
  await target.apply({ release: stray, key: 'lost/1', approved: await target.describe() });
  await target.restore('lost/1', 'it was never confirmed');
  await applyAsAdmin(admin, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'crm-svc-environment',
      namespace: `${prefix}customer`,
      labels: { 'app.kubernetes.io/managed-by': 'bmms' },
    },
    data: { LEFT: 'behind' },
  });
  const scaled = await admin.send({
    method: 'PATCH',
    path: `${deploymentPath('order', 'order-svc')}/scale`,
    query: { fieldManager: 'autoscaler' },
    body: { spec: { replicas: 3 } },
    contentType: 'application/merge-patch+json',
  });
  expect(scaled.status).toBe(200);
  const metadata = { name: 'billing-svc', namespace: `${prefix}finance` };
  const spec = { template: { spec: { containers: [{ name: 'app', image: 'other/image:9' }] } } };
  await applyAsAdmin(
    admin,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec },
    { manager: 'kubectl-edit', force: true },
  );
  const seen = (await world.api.get('/model/drift')).body;
  expect(seen.says).toEqual([
    `Deployment ${prefix}finance/billing-svc differs: spec.template.spec.containers[name="app"].image by kubectl-edit`,
    `ConfigMap ${prefix}customer/crm-svc-environment is named by no revision`,
  ]);

  await world.temporal.client.schedule.getHandle('drift/kubernetes').trigger();

  await until('the image is ours again', async () => {
    return (await world.replicasOf('billing-svc'))?.image === 'shop/bmms:1.0.0';
  });
  await until('what was left behind is gone', async () => {
    const { status } = await admin.send({
      method: 'GET',
      path: `/api/v1/namespaces/${prefix}customer/configmaps/crm-svc-environment`,
    });

    return status === 404;
  });
  expect((await world.replicasOf('order-svc'))?.wanted).toBe(3);
  const { info } = await world.temporal.client.schedule.getHandle('drift/kubernetes').describe();
  await world.keepHistory('target-drift/mended-by-its-schedule', info.recentActions[0]?.action.workflow.workflowId);
  expect((await revisionsOf(world))[0]).toMatchObject({ key: expect.stringMatching(/^mend\//), state: 'deployed' });
  await until('nothing differs', async () => (await drift()).code === 0);
  // By hand in the test before, and by the Schedule here.
  const told = () => world.query(`SELECT type FROM platform.events WHERE subject = 'drift/kubernetes' ORDER BY id`);
  await until('it is told that it is mended', async () => (await told()).length >= 4);
  const [found, mended] = ['k8s.drift.found', 'k8s.drift.mended'];
  expect((await told()).map(({ type }: { type: string }) => type)).toEqual([found, mended, found, mended]);
  const metrics = await (await fetch(`${world.system.description.workerHealthUrl}/metrics`)).text();
  expect(metrics).toMatch(/^bmms_drifted_objects\{[^}]*target="kubernetes"[^}]*\} 0$/m);
}, 240_000);

test('a service that a company has come to need is started by the Schedule, also where it only warns', async () => {
  const { appUrl, jwtSecret } = world.system.description;
  await world.switchTo({ businessModel: 'subscription' });
  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 0 });
  const database = openDatabase({ url: appUrl, poolSize: 2 });
  await openTestCompany(database, { secret: jwtSecret });
  await database.close();
  await remove(deploymentPath('finance', 'billing-svc'));

  expect((await world.api.get('/model/drift')).body).toMatchObject({
    needed: ['inventory-svc', 'order-svc'],
    outcome: 'found',
  });
  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 0 });
  const look = { kind: 'kubernetes', mode: 'warn', patienceMs: 90_000 } as const;
  expect(await lookAtTarget(world.temporal.client, look)).toMatchObject({ outcome: 'mended' });

  expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 1, available: 1 });
  expect(await world.replicasOf('billing-svc')).toBeNull();
  expect(await drift('--mend')).toMatchObject({ code: 0 });
  expect(await world.replicasOf('billing-svc')).toMatchObject({ available: 1 });
}, 240_000);

test('a look while a switch is under way says so, and a mend is not begun', async () => {
  const target = await world.place.target({ progressDeadlineSeconds: 60 });
  const release = await target.render([wanted('order-svc')]);
  await target.apply({ release, key: 'somebody/1', approved: await target.describe() });

  expect(await drift('--mend')).toMatchObject({
    code: 0,
    output: expect.stringContaining('a deployment is under way'),
  });
  await target.confirm('somebody/1');
});

describe('a mend whose workflow is terminated in the middle', () => {
  /** A revision that is pending under the key of a run that nobody works on, and that goes on until it is terminated. */
  async function beginMend() {
    const workflowId = `drift/kubernetes/begun-${Date.now()}`;
    const { client } = world.temporal;
    const handle = await client.workflow.start('targetDrift', { workflowId, taskQueue: 'nobody', args: [] });
    const key = mendKey({ workflowId, runId: handle.firstExecutionRunId });
    const target = await world.place.target({ progressDeadlineSeconds: 60 });
    const release = await target.render([wanted('billing-svc')]);
    await target.apply({ release, key, approved: await target.describe() });

    return { handle, key };
  }

  test('is left to it while it runs, and finished by the next look after it', async () => {
    const { handle, key } = await beginMend();
    expect((await drift('--mend')).output).toContain('a deployment is under way');
    expect((await revisionsOf(world))[0]).toEqual({ key, state: 'pending' });
    await handle.terminate('by hand');

    expect(await drift('--mend')).toMatchObject({ code: 0 });

    expect((await revisionsOf(world)).find((one) => one.key === key)).toMatchObject({
      state: expect.stringMatching(/deployed|superseded/),
    });
    expect((await drift()).output).toContain('as it was deployed');
  }, 240_000);

  test('is waited for by a switch, and keeps it from nothing', async () => {
    const { handle, key } = await beginMend();
    const asked = await world.ask({ taxRate: 0.07 });
    await world.approve(asked);
    await until('the switch has met it', async () => {
      const { raw } = await world.temporal.client.workflow.getHandle(`model-switch/${asked.id}`).describe();

      return raw.pendingActivities?.some(({ lastFailure }) => lastFailure?.message?.includes(key)) ?? false;
    });
    await handle.terminate('by hand');

    expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded' });

    expect((await revisionsOf(world)).find((one) => one.key === key)?.state).not.toBe('pending');
  }, 240_000);
});
