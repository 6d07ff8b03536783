import { tellModelSwitch } from '../../../clients/model-switch-client';
import { runBmms } from '../../environment/run-bmms';
import { intentOf, openSwitchWorld, plan199, type SwitchWorld, until } from './switch-world';

/** An installation of its own with one company that sells, and subscriptions beside it. */
let world: SwitchWorld;

beforeAll(async () => {
  world = await openSwitchWorld();
}, 240_000);
afterAll(() => world?.close());

/** WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND: a signal came as a run ended, and Temporal has the task done again with it. */
const unhandledCommand = 1;
const allDoors = { orders: true, subscriptions: true, addons: true };
const toSubscription = (name: string) => ({ businessModel: 'subscription', plans: [{ ...plan199, name }] });
const handleOf = (id: number) => world.temporal.client.workflow.getHandle(`model-switch/${id}`);

async function place(): Promise<number> {
  const { status, body } = await world.order();
  expect(status).toBe(201);

  return Number(body.id);
}

async function finish(orderId: number): Promise<void> {
  expect((await world.api.post(`/orders/${orderId}/ship`, { carrier: 'GHN' })).status).toBe(200);
  expect((await world.api.post(`/orders/${orderId}/deliver`, {})).status).toBe(200);
}

/** A switch that waits for what is open, approved and with its door closed. */
async function waiting(name: string, looksPerRun?: number) {
  const asked = await world.ask(toSubscription(name), { drain: 'wait', drainMinutes: 60 });

  if (looksPerRun !== undefined) {
    await inShortRuns(asked.id, looksPerRun);
  }
  expect((await world.approve(asked)).status).toBe(200);

  return world.reaches(asked.id, ['draining']);
}

async function companyOf(id: number): Promise<number> {
  const [{ company_id: companyId }] = await world.query('SELECT company_id FROM platform.deployments WHERE id = $1', [
    id,
  ]);

  return Number(companyId);
}

/** The workflow of a switch begins anew with runs of so many looks, as it does after so many days. */
async function inShortRuns(id: number, looksPerRun: number): Promise<void> {
  await world.temporal.client.workflow.start('modelSwitch', {
    workflowId: `model-switch/${id}`,
    taskQueue: 'llm-orchestrator',
    args: [{ companyId: await companyOf(id), deploymentId: id, looksPerRun }],
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
}

/**
 * Its runs, but for the one that was terminated for the short ones: how each ended, and tasks of it that failed. Temporal's
 * list may lag behind, so that the newest may be missing.
 */
async function runsOf(id: number): Promise<{ status: string; failedTasks: number }[]> {
  const { workflow } = world.temporal.client;
  const runs: { status: string; failedTasks: number; startedAt: number }[] = [];

  for await (const { runId } of workflow.list({ query: `WorkflowId = 'model-switch/${id}'` })) {
    const run = workflow.getHandle(`model-switch/${id}`, runId);
    const { status, startTime } = await run.describe();
    const { events } = await run.fetchHistory();
    const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed ?? []);
    const failed = failures.filter(({ cause }) => cause !== unhandledCommand);
    runs.push({ status: status.name, failedTasks: failed.length, startedAt: startTime.getTime() });
  }

  return runs
    .filter(({ status }) => status !== 'TERMINATED')
    .sort((one, other) => one.startedAt - other.startedAt)
    .map(({ status, failedTasks }) => ({ status, failedTasks }));
}

/** The same once its last run is over. */
const allRunsOf = (id: number) =>
  until(`every run of model-switch/${id} is over`, async () => {
    const runs = await runsOf(id);

    return runs.at(-1)?.status === 'COMPLETED' && runs;
  });

const accepts = async () => (await world.api.get('/model')).body.accepts;
const plansNamed = (name: string) => world.query('SELECT status FROM product.plans WHERE name = $1', [name]);

it('ends at the deadline with what is still open, with the door open again and nothing else changed', async () => {
  const orders = [await place(), await place()];
  const { id } = await waiting('Too late');
  expect(await accepts()).toEqual({ orders: false, subscriptions: true, addons: false });
  expect(await world.order()).toMatchObject({ status: 409, body: { code: 'model_not_accepting' } });
  // The hour but for three seconds has passed: the rest of it passes by itself.
  await world.query(
    `UPDATE platform.deployments SET door_closed_at = now() - interval '59 minutes 57 seconds' WHERE id = $1`,
    [id],
  );
  await world.lookAgain(id);

  expect(await world.over(id)).toMatchObject({
    status: 'failed',
    outcomeCode: 'drain_deadline',
    outcome: 'still open 60 minutes after the door was closed: 2 orders',
    committedAt: null,
    revision: null,
  });
  const events = await world.query('SELECT type FROM platform.events WHERE subject = $1 ORDER BY id', [
    `model-switch/${id}`,
  ]);
  expect(events.map(({ type }: { type: string }) => type)).toEqual([
    'model_switch.planned',
    'model_switch.approved',
    'k8s.deployment.failed',
  ]);
  expect([await accepts(), (await world.api.get('/model')).body.businessModel]).toEqual([allDoors, 'multi']);
  expect(await plansNamed('Too late')).toEqual([]);
  await world.keep('ended-at-the-deadline', id);
  const again = await until('orders are taken again', async () => {
    const { status, body } = await world.order();

    return status === 201 && Number(body.id);
  });
  await Promise.all([...orders, again].map(finish));
});

it('is cancelled while it waits, by request, signal or command, at once and without a trace', async () => {
  const orderId = await place();
  const cancels = [
    (id: number) => world.api.post(`/model/deployments/${id}/cancel`),
    (id: number) => handleOf(id).signal('cancel'),
    (id: number) => handleOf(id).cancel(),
    (id: number) => runBmms(world.system.description, ['model', 'cancel', String(id)]),
  ];

  for (const [nth, cancel] of cancels.entries()) {
    const { id } = await waiting(`Cancelled ${nth}`);
    await cancel(id);

    expect(await world.over(id)).toMatchObject({ status: 'cancelled', outcomeCode: 'cancelled', revision: null });
    expect(await accepts()).toEqual(allDoors);
    expect(await plansNamed(`Cancelled ${nth}`)).toEqual([]);
    expect(await allRunsOf(id)).toEqual([{ status: 'COMPLETED', failedTasks: 0 }]);

    if (nth === 0) {
      await world.keep('cancelled-while-waiting', id);
      // Whoever changed the row may tell of it after the switch has looked by itself, and ended: that begins nothing.
      const { runId } = await handleOf(id).describe();
      await tellModelSwitch({ temporal: world.temporal.client }, { companyId: await companyOf(id), id });
      expect(await handleOf(id).describe()).toMatchObject({ runId, status: { name: 'COMPLETED' } });
    }
  }
  await finish(orderId);
});

it('is asked for with a number of minutes only where it waits, also from the command line', async () => {
  const intent = intentOf({ businessModel: 'subscription' });
  const answers = await Promise.all(
    [{ drainMinutes: 30 }, { drain: 'finish', drainMinutes: 30 }, { drain: 'wait', drainMinutes: 0 }].map((terms) =>
      world.api.post('/model/switch', { intent, ...terms }),
    ),
  );
  expect(answers.map(({ status, body }) => [status, body.code, body.field])).toEqual(
    answers.map(() => [422, 'validation_failed', '/drainMinutes']),
  );
  const words = ['model', 'switch', '--to', 'subscription', '--drain', 'wait', '--drain-minutes', '45', '--no-watch'];
  expect((await runBmms(world.system.description, words)).code).toBe(0);
  const [row] = (await world.api.get('/model/deployments')).body.data;
  expect(row).toMatchObject({ drain: 'wait', drainMinutes: 45 });
  expect((await world.api.post(`/model/deployments/${row.id}/cancel`)).status).toBe(200);
});

it('goes on in new runs while it waits, and while what ends retires; succeeds once nothing is open', async () => {
  const [first, second] = [await place(), await place()];
  const { id } = await waiting('In runs', 3);
  await until('it waits in its third run', async () => (await runsOf(id)).length >= 3);
  expect((await world.read(id)).status).toBe('draining');
  await finish(first);
  await finish(second);
  expect(await world.over(id)).toMatchObject({ status: 'succeeded' });
  await until('its services are stopped', async () => (await world.stateOf('order-svc')) === 'stopped');
  expect(await plansNamed('In runs')).toEqual([{ status: 'active' }]);

  // Back, and away again with an order open: what retires is looked at in new runs, after the switch has succeeded.
  expect(await world.switchTo({ businessModel: 'multi' })).toMatchObject({ status: 'succeeded' });
  const busy = await place();
  const asked = await world.ask(toSubscription('In runs'));
  await inShortRuns(asked.id, 2);
  expect((await world.approve(asked)).status).toBe(200);
  expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded', retiring: ['order-svc', 'inventory-svc'] });
  await until('it looks in its third run', async () => (await runsOf(asked.id)).length >= 3);
  await finish(busy);
  await until('order-svc is stopped', async () => (await world.stateOf('order-svc')) === 'stopped', 120_000);

  for (const one of [id, asked.id]) {
    const runs = await allRunsOf(one);
    expect(runs.slice(0, -1)).toEqual(runs.slice(1).map(() => ({ status: 'CONTINUED_AS_NEW', failedTasks: 0 })));
    expect(runs.at(-1)).toEqual({ status: 'COMPLETED', failedTasks: 0 });
  }
  const switched = await world.query(
    `SELECT subject, count(*)::int AS times FROM platform.events WHERE type IN ('model.switched', 'k8s.deployment.succeeded')
      AND subject = ANY($1) GROUP BY 1, type ORDER BY 1`,
    [[`model-switch/${id}`, `model-switch/${asked.id}`]],
  );
  expect(switched.map(({ times }: { times: number }) => times)).toEqual([1, 1, 1, 1]);
}, 300_000);

it('tries what fails for good in new runs, and goes on once it can', async () => {
  await world.query(
    `CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not today''; END'`,
  );
  await world.query(
    `CREATE TRIGGER refuse BEFORE UPDATE ON platform.deployments FOR EACH ROW WHEN (NEW.status = 'applying') EXECUTE FUNCTION public.refuse()`,
  );
  const asked = await world.ask({ businessModel: 'retail' });
  await inShortRuns(asked.id, 1);
  expect((await world.approve(asked)).status).toBe(200);
  await until('it fails in its fourth run', async () => (await runsOf(asked.id)).length >= 4);
  expect((await world.read(asked.id)).status).toBe('draining');
  await world.query('DROP TRIGGER refuse ON platform.deployments');
  const { workflowExecutionInfo } = (await handleOf(asked.id).describe()).raw;
  await world.keepHistory(
    'model-switch/failed-into-a-new-run',
    `model-switch/${asked.id}`,
    workflowExecutionInfo?.firstRunId ?? '',
  );

  expect(await world.over(asked.id)).toMatchObject({ status: 'succeeded' });
  expect((await allRunsOf(asked.id)).every(({ failedTasks }) => failedTasks === 0)).toBe(true);
});
