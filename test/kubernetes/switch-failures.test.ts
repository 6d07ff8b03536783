import type { JsonObject } from '../../domain/deployments/deployment-target-types';
import { openDatabase } from '../../platform/db/database';
import { applyAsAdmin, wanted } from '../environment/test-place';
import { openTestCompany } from '../environment/test-company';
import { plan199, until } from '../end-to-end/model/switch-world';
import { type ClusterWorld, openClusterWorld, revisionsOf } from './cluster-world';

interface Rule {
  resources: string[];
  verbs: string[];
}

const services = ['order-svc', 'inventory-svc', 'subscription-svc', 'promotion-svc', 'billing-svc'];

/** Everything runs in the first version already, deployed by the world's own target. */
async function openDeployed(env: Record<string, string> = {}): Promise<ClusterWorld> {
  const world = await openClusterWorld(env);
  const target = await world.place.target({ progressDeadlineSeconds: 60 });
  const release = await target.render(services.map((service) => wanted(service)));
  const applied = await target.apply({ release, key: 'first/1', approved: await target.describe() });
  expect(await target.watchRollout(applied, { timeoutMs: 60_000 })).toEqual({ outcome: 'ready' });
  await target.confirm('first/1');

  return world;
}

async function expectAsBefore(world: ClusterWorld, businessModel: string): Promise<void> {
  for (const service of services) {
    expect(await world.replicasOf(service)).toEqual({ wanted: 1, available: 1, image: 'shop/bmms:1.0.0' });
  }
  expect((await world.api.get('/model')).body).toMatchObject({
    businessModel,
    accepts: { orders: true, subscriptions: true, addons: true },
    deployment: null,
  });
  expect((await world.order()).status).toBe(201);
  expect((await revisionsOf(world)).every(({ state }) => state !== 'pending')).toBe(true);
}

describe('an image that never gets ready', () => {
  let world: ClusterWorld;
  beforeAll(async () => {
    world = await openDeployed({ BMMS_IMAGE: 'shop/never-ready:1.1.0', ROLLOUT_DEADLINE_SECONDS: '10' });
  }, 240_000);
  afterAll(() => world?.close());

  test('is put back, and the former version serves all the while', async () => {
    const asked = await world.ask({ businessModel: 'freemium' });
    await world.approve(asked);
    await world.reaches(asked.id, ['applying']);
    expect((await world.order()).body).toMatchObject({ code: 'model_not_accepting' });
    const ended = await world.over(asked.id);

    expect(ended).toMatchObject({ status: 'rolled_back', outcomeCode: 'rollout_failed' });
    expect(ended.outcome).toContain('ImagePullBackOff (shop/never-ready:1.1.0)');
    await expectAsBefore(world, 'multi');
    const [told] = await world.query(
      `SELECT payload FROM platform.events WHERE subject = $1 AND type = 'k8s.deployment.rolled_back'`,
      [`model-switch/${asked.id}`],
    );
    expect(told.payload).toMatchObject({ outcomeCode: 'rollout_failed', target: 'kubernetes' });
  }, 240_000);

  test('is put back when the switch is cancelled during its rollout', async () => {
    const asked = await world.ask({ businessModel: 'freemium' });
    await world.approve(asked);
    await until('the new image is applied', async () => {
      return (await world.replicasOf('billing-svc'))?.image === 'shop/never-ready:1.1.0';
    });
    expect((await world.api.post(`/model/deployments/${asked.id}/cancel`)).status).toBe(200);

    expect(await world.over(asked.id)).toMatchObject({ status: 'rolled_back', outcomeCode: 'cancelled' });
    await expectAsBefore(world, 'multi');
  }, 240_000);
});

describe('what a cluster refuses', () => {
  let world: ClusterWorld;
  beforeAll(async () => {
    world = await openDeployed();
  }, 240_000);
  afterAll(() => world?.close());

  test('a right that is missing is told by verb, resource and namespace; nothing is left half done', async () => {
    const { prefix, admin } = world.place;
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${prefix}finance/roles/bmms-deployer`;
    const role = (await admin.send({ method: 'GET', path })).body as {
      rules: { resources: string[]; verbs: string[] }[];
    };
    const rules = role.rules.map((rule) =>
      rule.resources.includes('deployments') ? { ...rule, verbs: ['get', 'list'] } : rule,
    );
    const write = (body: JsonObject) => admin.send({ method: 'PUT', path, body });
    const { metadata: _kept, ...bare } = role as unknown as JsonObject;
    const metadata = { name: 'bmms-deployer', namespace: `${prefix}finance` };
    expect((await write({ ...bare, metadata, rules } as unknown as JsonObject)).status).toBe(200);
    await world.place.untilMayDeploy('finance', false);

    const ended = await world.switchTo({ taxRate: 0.05 });

    expect(ended).toMatchObject({ status: 'rolled_back', outcomeCode: 'target_forbidden' });
    expect(ended.outcome).toMatch(/cannot patch resource "deployments".* in the namespace ".*finance"/);
    expect(ended.outcome).toContain('bmms manifests bootstrap');
    expect((await write({ ...bare, metadata } as unknown as JsonObject)).status).toBe(200);
    await world.place.untilMayDeploy('finance');
    await expectAsBefore(world, 'multi');
  });

  test('a quota that leaves no room is told by its name, and is put back', async () => {
    const { prefix, admin } = world.place;
    const path = `/api/v1/namespaces/${prefix}finance/resourcequotas/small`;
    await applyAsAdmin(admin, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: `${prefix}finance` },
      spec: { hard: { pods: '1' } },
    });
    await until('the quota counts', async () => {
      const { status } = (await admin.send({ method: 'GET', path })).body as { status?: { used?: JsonObject } };

      return status?.used?.['pods'] === '1';
    });

    const ended = await world.switchTo({ taxRate: 0.05 });

    expect(ended).toMatchObject({ status: 'rolled_back', outcomeCode: 'quota_exceeded' });
    expect(ended.outcome).toContain('exceeded quota: small');
    await admin.send({ method: 'DELETE', path });
    await expectAsBefore(world, 'multi');
  });

  test('an object that somebody made before us is a conflict that names it, and stays theirs', async () => {
    const { prefix, admin } = world.place;
    const metadata = { name: 'promotion-svc', namespace: `${prefix}product` };
    const path = `/api/v1/namespaces/${prefix}product/services/promotion-svc`;
    await admin.send({ method: 'DELETE', path });
    const spec = { selector: { app: 'theirs' }, ports: [{ name: 'web', port: 80 }] };
    await applyAsAdmin(admin, { apiVersion: 'v1', kind: 'Service', metadata, spec }, { manager: 'helm' });

    const ended = await world.switchTo({ businessModel: 'freemium' });

    expect(ended).toMatchObject({ status: 'rolled_back', outcomeCode: 'target_conflict' });
    expect(ended.outcome).toContain(`Service ${prefix}product/promotion-svc stands there already and is not ours`);
    expect(ended.outcome).toContain('helm');
    expect((await world.live('Service', 'promotion-svc')).content).toMatchObject({
      spec: { selector: { app: 'theirs' } },
    });
    await admin.send({ method: 'DELETE', path });
    await expectAsBefore(world, 'multi');
  });

  test('two companies that switch at once come one after the other, and each finds what it needs running', async () => {
    const { appUrl, jwtSecret } = world.system.description;
    const database = openDatabase({ url: appUrl, poolSize: 2 });
    const company = await openTestCompany(database, { secret: jwtSecret });
    await database.close();
    const other = world.api.with({ token: company.admin.token });
    const asked = [
      { by: world.api, row: await world.ask({ businessModel: 'retail' }) },
      { by: other, row: await world.ask({ businessModel: 'subscription' }, {}, other) },
    ];
    await Promise.all(asked.map(({ by, row }) => world.approve(row, by)));

    for (const { by, row } of asked) {
      const settled = await until('it is over or asked again', async () => {
        const { body } = await by.get(`/model/deployments/${row.id}`);

        return body.endedAt !== null || (body.status === 'awaiting_approval' && body.approvedAt === null)
          ? body
          : false;
      });

      if (settled.status === 'awaiting_approval') {
        await world.approve(settled, by);
      }
      expect(await world.over(row.id, by)).toMatchObject({ status: 'succeeded' });
    }
    for (const service of services) {
      expect(await world.replicasOf(service)).toMatchObject({ wanted: 1, available: 1 });
    }
    const keys = (await revisionsOf(world)).slice(0, 2).map(({ key }) => key);
    expect(keys.sort()).toEqual(asked.map(({ row }) => `model-switch/${row.id}`).sort());
  }, 240_000);
});

describe('what is refused after the business is another one', () => {
  let world: ClusterWorld;
  beforeAll(async () => {
    world = await openDeployed();
  }, 240_000);
  afterAll(() => world?.close());

  test('a stop that is refused keeps nobody from the cluster, and is done once the right is there', async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${world.place.prefix}order/roles/bmms-deployer`;
    const { rules } = (await world.place.admin.send({ method: 'GET', path })).body as unknown as { rules: Rule[] };
    const setRules = (changed: Rule[]) =>
      world.place.admin.send({
        method: 'PATCH',
        path,
        body: { rules: changed } as unknown as JsonObject,
        contentType: 'application/merge-patch+json',
      });
    const open = await world.order();
    const ended = await world.switchTo({ businessModel: 'subscription', plans: [plan199] });
    expect(ended).toMatchObject({ status: 'succeeded', retiring: expect.arrayContaining(['order-svc']) });
    const key = `model-switch/${ended.id}/stop/order-svc`;
    const recordsOf = async () => (await revisionsOf(world)).filter((one) => one.key === key);
    const workflow = world.temporal.client.workflow.getHandle(`model-switch/${ended.id}`);
    const isOnTry = (...states: string[]) =>
      until(`the stop is ${states.join(' or ')}`, async () => {
        const reached = (await recordsOf()).some((one) => states.includes(one.state));

        // It would look again by itself, within minutes. It may end between the two.
        if (!reached) {
          await world.lookAgain(ended.id);
        }

        return reached;
      });
    await setRules(
      rules.map((rule) => (rule.resources.includes('deployments') ? { ...rule, verbs: ['get', 'list'] } : rule)),
    );
    await world.place.untilMayDeploy('order', false);
    expect((await world.api.post(`/orders/${open.body.id}/cancel`)).status).toBe(200);

    await isOnTry('failed');
    expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 1 });
    const target = await world.place.target({ progressDeadlineSeconds: 60 });
    const billing = await target.render([wanted('billing-svc')]);
    await target.apply({ release: billing, key: 'somebody/else', approved: await target.describe() });
    await target.confirm('somebody/else');
    await setRules(rules);
    // The stop of another service may come behind it.
    await isOnTry('deployed', 'superseded');
    await workflow.result();

    expect(await recordsOf()).toMatchObject([{ key, state: expect.stringMatching(/^(deployed|superseded)$/) }]);
    expect(await world.replicasOf('order-svc')).toMatchObject({ wanted: 0 });
    expect((await world.read(ended.id)).retiring).toEqual([]);
  });
});
