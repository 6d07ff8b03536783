import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import type { PriceMoveProgress } from '../../../activities/price-move-activities';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { tellPriceMove } from '../../../clients/price-move-client';
import { createAddon } from '../../../domain/catalogue/addons/create-addon';
import { updateAddon } from '../../../domain/catalogue/addons/update-addon';
import { createPlan } from '../../../domain/catalogue/plans/create-plan';
import { updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { createPriceMove } from '../../../domain/subscriptions/price-moves/create-price-move';
import { listMovedSubscriptions } from '../../../domain/subscriptions/price-moves/moved-subscriptions';
import type { PriceMoveRow } from '../../../domain/subscriptions/price-moves/price-move-row';
import { commandPriceMove } from '../../../domain/subscriptions/price-moves/set-price-move-status';
import { systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { activitiesOf } from '../../../workers/activity-sets';
import { findService } from '../../../workers/services';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { until } from '../events/outbox';
import { openSubscriptionWorld, type SubscriptionWorld } from './subscription-world';

const bundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };
const start = new Date('2025-03-10T03:00:00Z');

let world: SubscriptionWorld;
let temporal: TemporalClient;
let namespace: string;
let stopWorker: () => Promise<void>;
let plans = 0;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openSubscriptionWorld(start);
  namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  stopWorker = await runWorker();
});
afterAll(async () => {
  await stopWorker?.();
  await temporal?.close();
  await world?.close();
});

/** subscription-svc: moves and subscriptions. @returns how to stop it */
async function runWorker(): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const { gateways, test } = world;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: 'subscription-svc',
    activities: activitiesOf(findService('subscription-svc'), {
      config: readConfig({}),
      database: test.database,
      gateways,
      clock: systemClock,
      installation: 'test',
      allowTestPayments: true,
      temporal: temporal.client,
    }),
    workflowBundle: bundle,
  });
  const running = worker.run();

  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}

const tenant = <Result>(work: Parameters<typeof world.test.database.withTenant<Result>>[1]) =>
  world.test.database.withTenant(world.company.id, work);

const withNotice = { immediate: false, noticeDays: 60 };

/** So many pay 100,000 a month, the plan costs 120,000 by now, and a move is about to begin: with notice, unless it is said. */
async function announce(
  subscribers: number,
  terms = withNotice,
): Promise<{ move: PriceMoveRow; subscriptionIds: number[] }> {
  const name = `Moved ${(plans += 1)}`;
  const plan = await tenant((tx) =>
    createPlan(tx, { plan: { name, price: 100_000, billingCycle: 'monthly' }, now: start }),
  );
  const planId = Number(plan.id);
  const subscriptionIds: number[] = [];

  for (let nth = 0; nth < subscribers; nth += 1) {
    subscriptionIds.push((await world.subscribe(await world.addCustomer(), { planId })).subscriptionId);
  }
  await tenant((tx) => updatePlan(tx, { id: planId, changes: { price: 120_000 }, now: start }));
  const id = await reserveId(world.test.database, 'priceMove');
  const request = { of: { planId }, priceId: null, fromPriceIds: [], ...terms };
  const move = await tenant((tx) => createPriceMove(tx, { id, request, userId: null, now: start }));

  return { move, subscriptionIds };
}

const tell = ({ id }: PriceMoveRow) =>
  tellPriceMove({ temporal: temporal.client }, { companyId: world.company.id, id });
const handleOf = ({ id }: PriceMoveRow) => temporal.client.workflow.getHandle(`price-move/${id}`);
const progressOf = (move: PriceMoveRow) => handleOf(move).query<PriceMoveProgress | null>('status');

/** Its first message is `pause`: nobody has been asked. */
const startPaused = (move: PriceMoveRow, options: { batchesPerRun?: number } = {}) =>
  temporal.client.workflow.signalWithStart('priceMove', {
    workflowId: `price-move/${move.id}`,
    taskQueue: 'subscription-svc',
    args: [{ companyId: world.company.id, priceMoveId: move.id, ...options }],
    signal: 'pause',
  });
const untilPaused = (move: PriceMoveRow) =>
  until('the move is paused', async () => (await progressOf(move))?.status === 'paused');

const asked = (move: PriceMoveRow) =>
  tenant((tx) => listMovedSubscriptions(tx, { priceMoveId: move.id, status: null, after: 0, limit: 100 }));
const statusesOf = async (move: PriceMoveRow) => (await asked(move)).map(({ status }) => status);
const waitingOf = async (subscriptionIds: readonly number[]) => {
  const rows = await world.rows<{ kinds: string[] }>(
    `SELECT ARRAY(SELECT c ->> 'kind' FROM jsonb_array_elements(waiting_changes) c) AS kinds
       FROM ordering.subscriptions WHERE id = ANY($1) ORDER BY id`,
    [subscriptionIds],
  );

  return rows.map(({ kinds }) => kinds);
};
/** How often each was told of another price, as an event and as a notice. */
const toldOf = async (subscriptionIds: readonly number[]) => {
  const rows = await world.rows<{ events: number; notices: number }>(
    `SELECT (SELECT count(*)::int FROM platform.events e WHERE e.subject = s.subject AND e.type = 'price.change.announced') AS events,
            (SELECT count(*)::int FROM platform.notices n WHERE n.subject = s.subject AND n.kind = 'price_change_announced') AS notices
       FROM (SELECT id, 'subscription/' || id AS subject FROM unnest($1::bigint[]) id) s ORDER BY s.id`,
    [subscriptionIds],
  );

  return rows.map(({ events, notices }) => [events, notices]);
};
const each = <One>(subscriptionIds: readonly number[], one: One): One[] => subscriptionIds.map(() => one);

/** From now on the answers of these are lost: they are carried out, and cannot be noted. @returns how to end that */
async function loseAnswersOf(subscriptionIds: readonly number[]): Promise<() => Promise<void>> {
  await world.rows(
    `CREATE FUNCTION public.lose_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the answer is lost' USING ERRCODE = 'disk_full'; END $$`,
    [],
  );
  await world.rows(
    `CREATE TRIGGER lose_answer BEFORE UPDATE OF status ON ordering.price_move_subscriptions FOR EACH ROW
       WHEN (NEW.subscription_id IN (${subscriptionIds.map(Number).join(', ')})) EXECUTE FUNCTION public.lose_answer()`,
    [],
  );

  return async () => {
    await world.rows('DROP TRIGGER lose_answer ON ordering.price_move_subscriptions', []);
    await world.rows('DROP FUNCTION public.lose_answer()', []);
  };
}

/** Until a batch has failed this often. */
const untilTriedAgain = (move: PriceMoveRow, attempt: number) =>
  until(`the batch is tried ${attempt} times`, async () => {
    const { pendingActivities } = (await handleOf(move).describe()).raw;

    return (pendingActivities?.[0]?.attempt ?? 0) >= attempt;
  });

/** By their names in the replay corpus, where RECORD_HISTORIES=1 has them written. */
const kept = new Map<string, Awaited<ReturnType<WorkflowHandle['fetchHistory']>>>();

async function keep(name: string, { id }: PriceMoveRow, runId?: string): Promise<void> {
  kept.set(name, await temporal.client.workflow.getHandle(`price-move/${id}`, runId).fetchHistory());
}

it('moves each once, though a batch is stopped in the middle and its worker is another one then', async () => {
  const { move, subscriptionIds } = await announce(12);
  const [first = 0, ...others] = subscriptionIds;
  const found = await loseAnswersOf([first, others.at(-1) ?? 0]);
  await tell(move);
  await untilTriedAgain(move, 3);

  // Two were carried out and are not noted: their batch is asked again and again.
  expect(await statusesOf(move)).toEqual(['pending', ...others.slice(1).map(() => 'moved'), 'pending']);
  expect(await waitingOf([first])).toEqual([['price']]);
  await stopWorker();
  await found();
  stopWorker = await runWorker();
  await tell(move);

  expect(await handleOf(move).result()).toEqual({
    status: 'completed',
    total: 12,
    moved: 12,
    skipped: 0,
    failed: 0,
    takenBack: 0,
    askAgainAt: null,
  });
  expect(await statusesOf(move)).toEqual(each(subscriptionIds, 'moved'));
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, ['price']));
  expect(await toldOf(subscriptionIds)).toEqual(each(subscriptionIds, [1, 1]));
  await keep('price-move/asked-again', move);
});

it('asks more than one batch, and begins where it was after it was lost', async () => {
  const { move, subscriptionIds } = await announce(35);
  const [lost] = [subscriptionIds.at(-1) ?? 0];
  const found = await loseAnswersOf([lost]);
  await tell(move);
  await untilTriedAgain(move, 2);
  await handleOf(move).terminate('lost');
  expect((await statusesOf(move)).filter((status) => status === 'moved')).toHaveLength(34);
  await found();
  await tell(move);

  expect(await handleOf(move).result()).toMatchObject({ status: 'completed', total: 35, moved: 35 });
  expect(await toldOf(subscriptionIds)).toEqual(each(subscriptionIds, [1, 1]));
});

it('is paused, resumed and asked how far it is by signals and a query, across runs', async () => {
  const { move, subscriptionIds } = await announce(3);
  const handle = await startPaused(move, { batchesPerRun: 1 });
  await untilPaused(move);
  expect(await progressOf(move)).toEqual({
    status: 'paused',
    total: 3,
    moved: 0,
    skipped: 0,
    failed: 0,
    takenBack: 0,
    askAgainAt: null,
  });
  await keep('price-move/paused', move, handle.signaledRunId);
  await tell(move);
  await until('another run', async () => (await handleOf(move).describe()).runId !== handle.signaledRunId);
  await untilPaused(move);
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, []));

  await handleOf(move).signal('resume');
  expect(await handleOf(move).result()).toMatchObject({ status: 'completed', moved: 3 });
  expect(await progressOf(move)).toMatchObject({ status: 'completed', moved: 3 });
  expect(await toldOf(subscriptionIds)).toEqual(each(subscriptionIds, [1, 1]));
  await keep('price-move/new-run', move, handle.signaledRunId);
  await keep('price-move/paused-and-resumed', move);
});

it('is cancelled by a signal before anybody was asked; what it does not understand is refused', async () => {
  const { move, subscriptionIds } = await announce(2);
  await startPaused(move);
  await untilPaused(move);
  await handleOf(move).signal('hurry');
  await handleOf(move).signal('cancel');

  expect(await handleOf(move).result()).toMatchObject({ status: 'cancelled', moved: 0, takenBack: 0 });
  expect(await toldOf(subscriptionIds)).toEqual(each(subscriptionIds, [0, 0]));
  await keep('price-move/cancelled', move);
});

it('takes back what it announced and still waits, also of whom its answer was lost, and after it was completed', async () => {
  const { move, subscriptionIds } = await announce(4);
  const [first = 0, second = 0] = subscriptionIds;
  const cancel = async () => {
    await tenant((tx) => commandPriceMove(tx, { id: move.id, command: 'cancel', now: start }));
    await tell(move);
  };
  const found = await loseAnswersOf([first]);
  await tell(move);
  await untilTriedAgain(move, 2);
  await cancel();
  await untilTriedAgain(move, 3);
  expect((await statusesOf(move))[0]).toBe('pending');
  await found();

  expect(await handleOf(move).result()).toMatchObject({ status: 'cancelled', moved: 0, takenBack: 4 });
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, []));
  await cancel();
  expect(await handleOf(move).result()).toMatchObject({ status: 'cancelled', takenBack: 4 });
  await keep('price-move/taken-back', move);

  // Another move of the same, completed: one is let off by hand, the others by its cancellation.
  const id = await reserveId(world.test.database, 'priceMove');
  const request = { of: { planId: move.planId ?? 0 }, priceId: null, fromPriceIds: [], ...withNotice };
  const again = await tenant((tx) => createPriceMove(tx, { id, request, userId: null, now: start }));
  await tell(again);
  expect(await handleOf(again).result()).toMatchObject({ status: 'completed', moved: 4 });
  const [change] = await world.rows<{ id: number }>(
    `SELECT (waiting_changes -> 0 ->> 'id')::int AS id FROM ordering.subscriptions WHERE id = $1`,
    [second],
  );
  await temporal.client.workflow.getHandle(`subscription/${second}`).executeUpdate('cancelChange', {
    args: [{ commandId: 'by hand', command: { type: 'cancel_change', changeId: change?.id ?? 0 } }],
  });
  await tenant((tx) => commandPriceMove(tx, { id, command: 'cancel', now: start }));
  await tell(again);

  expect(await handleOf(again).result()).toMatchObject({ status: 'cancelled', moved: 1, takenBack: 3 });
  expect((await asked(again))[1]).toMatchObject({ status: 'moved', reason: expect.stringContaining('not_found') });
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, []));
});

it('asks one again whose charge is in flight, when it has been answered', async () => {
  const { move, subscriptionIds } = await announce(2, { immediate: true, noticeDays: 0 });
  const [first = 0] = subscriptionIds;
  const [{ clockId, customerId } = { clockId: 0, customerId: 0 }] = await world.rows<{
    clockId: number;
    customerId: number;
  }>(
    `SELECT c.test_clock_id::int AS "clockId", c.id::int AS "customerId" FROM ordering.subscriptions s
       JOIN customer.customers c ON c.company_id = s.company_id AND c.id = s.customer_id WHERE s.id = $1`,
    [first],
  );
  // The provider is away when the first of them is to be charged for its second month.
  await world.rows(
    `INSERT INTO sandbox.card_outages (subject, starts_at, ends_at) VALUES ($1, '2025-04-01T00:00:00Z', '2025-04-12T00:00:00Z')`,
    [`customer/${customerId}`],
  );
  await world.advance({ clockId }, '2025-04-11T00:00:00Z');
  await tell(move);
  await until('the other one has been asked', async () => (await progressOf(move))?.moved === 1);

  expect((await asked(move))[0]).toMatchObject({
    status: 'pending',
    reason: expect.stringContaining('charge_in_flight'),
    askAgainAt: expect.any(Date),
  });
  expect(await progressOf(move)).toMatchObject({ status: 'running', askAgainAt: expect.any(Number) });
  await world.advance({ clockId }, '2025-04-13T00:00:00Z');

  expect(await handleOf(move).result()).toMatchObject({ status: 'completed', moved: 2, skipped: 0, askAgainAt: null });
  expect((await asked(move))[0]).toMatchObject({ status: 'moved', reason: null, askAgainAt: null });
  await keep('price-move/charge-in-flight', move);
});

it('moves those who have an add-on, each once, and takes back what waits when it is cancelled', async () => {
  const addon = await tenant((tx) =>
    createAddon(tx, {
      addon: { key: 'storage', name: 'Storage', price: 50_000, billingPeriod: 'monthly' },
      now: start,
    }),
  );
  const of = { addonId: addon.id };
  const holders = await Promise.all([1, 2, 3].map(async () => world.subscribe(await world.addCustomer(), {})));
  const subscriptionIds = holders.map(({ subscriptionId }) => subscriptionId).sort((one, other) => one - other);

  for (const holder of holders) {
    const bought = await world.command(holder, {
      type: 'add_addons',
      addonIds: [addon.id],
      addonKeys: [],
      quantity: 2,
    });
    expect(bought.kind).toBe('done');
  }
  await tenant((tx) => updateAddon(tx, { id: addon.id, changes: { price: 60_000 }, now: start }));
  const id = await reserveId(world.test.database, 'priceMove');
  const request = { of, priceId: null, fromPriceIds: [], ...withNotice };
  const move = await tenant((tx) => createPriceMove(tx, { id, request, userId: null, now: start }));
  const [first = 0] = subscriptionIds;
  const found = await loseAnswersOf([first]);
  await tell(move);
  await untilTriedAgain(move, 2);
  await found();

  expect(await handleOf(move).result()).toMatchObject({ status: 'completed', total: 3, moved: 3 });
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, ['price']));
  expect(await toldOf(subscriptionIds)).toEqual(each(subscriptionIds, [1, 1]));

  await tenant((tx) => commandPriceMove(tx, { id, command: 'cancel', now: start }));
  await tell(move);
  expect(await handleOf(move).result()).toMatchObject({ status: 'cancelled', moved: 0, takenBack: 3 });
  expect(await waitingOf(subscriptionIds)).toEqual(each(subscriptionIds, []));
}, 60_000);

it('replays what it has done', async () => {
  const histories = [...kept].map(([workflowId, history]) => ({ workflowId, history }));
  const failures: unknown[] = [];

  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
    failures.push(...(error === undefined ? [] : [{ workflowId, error }]));
  }
  expect(histories).toHaveLength(7);
  expect(failures).toEqual([]);

  for (const { workflowId, history } of process.env['RECORD_HISTORIES'] === undefined ? [] : histories) {
    const file = path.resolve(__dirname, '../../histories', `${workflowId}.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    const json = historyToJSON(history)
      .replace(/"identity": *"(?:[^"\\]|\\.)*"/g, '"identity": "recorder"')
      .replace(/"stackTrace": *"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
    writeFileSync(file, `${json}\n`);
  }
});
