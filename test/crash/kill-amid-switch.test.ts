import { intentOf, openSwitchWorld, plan199, type SwitchWorld, until } from '../end-to-end/model/switch-world';
import { type Gate, type Gates, placeGates } from './step-gates';

/** An installation of its own with one company, whose worker host is killed and replaced. */
let world: SwitchWorld;
let host: number;
let gates: Gates | undefined;

beforeAll(async () => {
  world = await openSwitchWorld();
  host = world.system.description.pids[1] as number;
  expect(await world.switchTo({ businessModel: 'retail' })).toMatchObject({ status: 'succeeded' });
}, 240_000);
afterEach(async () => {
  await gates?.close();
  gates = undefined;
});
afterAll(() => {
  const [api = 0, , ...others] = world.system.description.pids;

  return world.close([api, host, ...others]);
});

const moves = (from: string, to: string): Gate => ({
  table: 'platform.deployments',
  when: 'UPDATE',
  condition: `OLD.status = '${from}' AND NEW.status = '${to}'`,
});
const revision = (when: Gate['when'], condition: string): Gate => ({
  table: 'platform.local_revisions',
  when,
  condition,
});

/** Where the switch stands while its worker host is held, and dies, at the write that would take it on. */
const wayThere: Readonly<Record<string, Gate & { stands: string }>> = {
  validated_and_planned: { ...moves('planned', 'awaiting_approval'), stands: 'planned' },
  closing_the_door: { ...moves('awaiting_approval', 'draining'), stands: 'awaiting_approval' },
  drained: { ...moves('draining', 'applying'), stands: 'draining' },
  applying: { ...revision('INSERT', `NEW.key NOT LIKE '%/stop/%'`), stands: 'applying' },
  applied: { ...moves('applying', 'verifying'), stands: 'applying' },
  before_the_commit_point: {
    table: 'platform.deployments',
    when: 'UPDATE',
    condition: 'OLD.committed_at IS NULL AND NEW.committed_at IS NOT NULL',
    stands: 'verifying',
  },
  after_the_commit_point: {
    ...revision('UPDATE', `NEW.status = 'deployed' AND NEW.key NOT LIKE '%/stop/%'`),
    stands: 'verifying',
  },
  stopping: { ...revision('INSERT', `NEW.key LIKE '%/stop/order-svc'`), stands: 'verifying' },
  stopped: {
    ...revision('UPDATE', `NEW.status = 'deployed' AND NEW.key LIKE '%/stop/inventory-svc'`),
    stands: 'verifying',
  },
  ending: { ...moves('verifying', 'succeeded'), stands: 'verifying' },
};
const wayBack: Readonly<Record<string, Gate & { stands: string }>> = {
  applying: { ...revision('INSERT', 'true'), stands: 'applying' },
  to_be_put_back: { ...moves('applying', 'rolling_back'), stands: 'applying' },
  putting_back: { ...revision('UPDATE', `NEW.status = 'restored'`), stands: 'rolling_back' },
  put_back: { ...moves('rolling_back', 'rolled_back'), stands: 'rolling_back' },
};

async function killHost(): Promise<void> {
  process.kill(host, 'SIGKILL');
  await until('the worker host is gone', async () => {
    try {
      process.kill(host, 0);

      return false;
    } catch {
      return true;
    }
  });
}

async function startHost(): Promise<void> {
  host = (await world.system.start('worker', 'worker')).pid;
}

/** Kills the host as it stands before a gate; who replaces it finds the gate open. */
async function killAt(id: number, gate: string, stands: string, meanwhile?: () => Promise<void>): Promise<void> {
  await gates?.reached(gate);
  expect({ gate, status: (await world.read(id)).status }).toEqual({ gate, status: stands });
  await killHost();
  await gates?.open(gate);
  await meanwhile?.();
  await startHost();
}

/** What happened to a switch, by the events that tell of it. */
const told = async (id: number): Promise<string[]> =>
  (await world.query(`SELECT type FROM platform.events WHERE subject = $1 ORDER BY id`, [`model-switch/${id}`])).map(
    ({ type }: { type: string }) => type,
  );

const revisions = (id: number) =>
  world.query(
    `SELECT key, status FROM platform.local_revisions WHERE key LIKE $1 || '%' OR status = 'pending' ORDER BY key`,
    [`model-switch/${id}`],
  );

/** Tasks that failed: a task of a host that was killed times out, which is another thing. */
async function failedTasks(id: number): Promise<number> {
  const { events = [] } = await world.temporal.client.workflow.getHandle(`model-switch/${id}`).fetchHistory();

  return (events ?? []).filter(({ workflowTaskFailedEventAttributes: failed }) => (failed ?? null) !== null).length;
}

/** Of plans by their price: one that is withdrawn gives its name up. */
const plansFor = (price: number) => world.query('SELECT status FROM product.plans WHERE price = $1', [price]);
const services = () => world.query('SELECT service, state, replicas FROM platform.service_state ORDER BY service');

it('succeeds once, though the worker host is killed at every step of it', async () => {
  gates = await placeGates(world.system.description.adminUrl, wayThere);
  const intent = intentOf({ businessModel: 'subscription', plans: [{ ...plan199, price: 6_000 }] });
  const { body: asked } = await world.api.post('/model/switch', { intent });
  const { validated_and_planned: first, ...others } = wayThere;
  await killAt(asked.id, 'validated_and_planned', first?.stands ?? '');
  await world.reaches(asked.id, ['awaiting_approval']);
  await killHost();
  expect((await world.approve(asked)).status).toBe(200);
  await startHost();

  for (const [gate, { stands }] of Object.entries(others)) {
    await killAt(asked.id, gate, stands, async () => {
      if (gate === 'drained') {
        expect(await world.order()).toMatchObject({ status: 409, body: { code: 'model_not_accepting' } });
      }
    });
  }

  expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded', outcomeCode: null });
  expect(await told(asked.id)).toEqual([
    'model_switch.planned',
    'model_switch.approved',
    'k8s.deployment.requests',
    'model.switched',
    'k8s.deployment.succeeded',
  ]);
  const key = `model-switch/${asked.id}`;
  expect(await revisions(asked.id)).toEqual([
    { key, status: 'deployed' },
    { key: `${key}/stop/inventory-svc`, status: 'deployed' },
    { key: `${key}/stop/order-svc`, status: 'deployed' },
  ]);
  expect((await world.api.get('/model')).body).toMatchObject({
    businessModel: 'subscription',
    accepts: { orders: false, subscriptions: true },
    deployment: null,
  });
  expect([await world.stateOf('order-svc'), await world.stateOf('subscription-svc')]).toEqual(['stopped', 'running']);
  expect(await plansFor(6_000)).toEqual([{ status: 'active' }]);
  expect(await failedTasks(asked.id)).toBe(0);
}, 400_000);

it('is put back once, though the worker host is killed at every step of that', async () => {
  const before = [(await world.api.get('/model')).body, await services()];
  gates = await placeGates(world.system.description.adminUrl, wayBack);
  const asked = await world.ask({ businessModel: 'multi', plans: [{ ...plan199, price: 7_000 }] });
  expect((await world.approve(asked)).status).toBe(200);
  await gates.reached('applying');
  expect((await world.api.post(`/model/deployments/${asked.id}/cancel`)).status).toBe(200);

  for (const [gate, { stands }] of Object.entries(wayBack)) {
    await killAt(asked.id, gate, stands);
  }

  expect(await world.over(asked.id)).toMatchObject({ status: 'rolled_back', outcomeCode: 'cancelled' });
  expect(await told(asked.id)).toEqual([
    'model_switch.planned',
    'model_switch.approved',
    'k8s.deployment.requests',
    'k8s.deployment.rolled_back',
  ]);
  expect(await revisions(asked.id)).toEqual([{ key: `model-switch/${asked.id}`, status: 'restored' }]);
  expect([(await world.api.get('/model')).body, await services()]).toEqual(before);
  expect(await plansFor(7_000)).toEqual([{ status: 'archived' }]);
  expect(await failedTasks(asked.id)).toBe(0);
}, 240_000);
