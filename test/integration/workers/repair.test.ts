import path from 'node:path';

import { WorkflowNotFoundError } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { orderSubject } from '../../../domain/orders/order-number-rules';
import { systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { activitiesOf } from '../../../workers/activity-sets';
import { type RepairOptions, repairs } from '../../../workers/repair/repair-workflows';
import { startedAtOnce } from '../../../workers/repair/take-up';
import { findService } from '../../../workers/services';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { openOrderWorld, type OrderWorld } from '../orders/order-world';

const bundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };

let world: OrderWorld;
let temporal: TemporalClient;
let stopWorker: () => Promise<void>;
let product: number;
/** First tasks of orders that are under way, and the most there were at a time. */
let underWay = 0;
let most = 0;
/** Seen by each first task, which waits for it. */
let onTask: () => void | Promise<unknown> = () => undefined;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openOrderWorld();
  product = await world.addProduct({ price: 50_000, stock: 1_000 });
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  stopWorker = await runWorker(namespace);
});
afterAll(async () => {
  await stopWorker?.();
  await temporal?.close();
  await world?.close();
});

/** order-svc, whose first step of each order is seen, and takes long enough for others to begin beside it. */
async function runWorker(namespace: string): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const activities = activitiesOf(findService('order-svc'), {
    config: readConfig({}),
    database: world.database,
    gateways: world.gateways,
    clock: systemClock,
    installation: 'test',
    allowTestPayments: true,
    temporal: temporal.client,
  }) as Record<string, (input: unknown) => Promise<unknown>>;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: 'order-svc',
    activities: {
      ...activities,
      async placeOrder(input: unknown) {
        underWay += 1;
        most = Math.max(most, underWay);

        try {
          await onTask();
          await new Promise((resolve) => setTimeout(resolve, 100));

          return await activities['placeOrder']?.(input);
        } finally {
          underWay -= 1;
        }
      },
    },
    workflowBundle: bundle,
  });
  const running = worker.run();

  return async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
}

/** Orders as after a restore: in PostgreSQL, and not in Temporal. */
async function loseOrders(count: number): Promise<number[]> {
  const ids: number[] = [];

  for (let nth = 0; nth < count; nth += 1) {
    ids.push((await world.place({ items: [{ productId: product, quantity: 1 }] })).orderId);
  }

  return ids;
}

const repairOrders = (options: Partial<RepairOptions> = {}) =>
  repairs['Orders that are not over'](
    { database: world.database, temporal: temporal.client },
    { isMending: true, ...options },
  );
const stateOf = async (id: number) =>
  (await temporal.client.workflow.getHandle(orderSubject(id)).describe()).status.name;

test('however many workflows are lost, only a few wait for a worker at a time, and all come back', async () => {
  const lost = await loseOrders(25);
  const started: string[] = [];
  const told: number[] = [];
  most = 0;

  const counts = await repairOrders({
    onStarted: (workflowId) => started.push(workflowId),
    onProgress: (progress) => told.push(progress.lost),
  });

  expect(counts).toEqual({ wanted: 25, lost: 25 });
  expect(most).toBeLessThanOrEqual(startedAtOnce);
  expect([...started].sort()).toEqual(lost.map(orderSubject).sort());
  expect(told.at(-1)).toBe(25);
  await Promise.all(lost.map(async (id) => expect(await stateOf(id)).toBe('RUNNING')));
  expect((await repairOrders()).lost).toBe(0);
});

test('a host that ends in the middle leaves the rest to the next look', async () => {
  const lost = await loseOrders(12);
  const abort = new AbortController();
  onTask = () => abort.abort();

  const first = await repairOrders({ signal: abort.signal });
  onTask = () => undefined;
  expect(first.lost).toBeGreaterThan(0);
  expect(first.lost).toBeLessThanOrEqual(startedAtOnce);

  expect((await repairOrders()).lost).toBe(12 - first.lost);
  await Promise.all(lost.map(async (id) => expect(await stateOf(id)).toBe('RUNNING')));
});

test('an order that comes to its end while others are started again is not lost', async () => {
  const lost = await loseOrders(8);
  const ended = lost.at(-1) ?? 0;
  const started: string[] = [];
  const end = { companyId: world.company.id, orderId: ended, reason: 'no', cause: 'request' } as const;
  let ending: Promise<unknown> | undefined;
  onTask = () => (ending ??= world.steps.cancelOrder(end));

  const counts = await repairOrders({ onStarted: (workflowId) => started.push(workflowId) });
  onTask = () => undefined;

  expect(await ending).toMatchObject({ kind: 'cancelled' });
  expect(counts.lost).toBe(7);
  expect(started).not.toContain(orderSubject(ended));
  await expect(stateOf(ended)).rejects.toBeInstanceOf(WorkflowNotFoundError);
});

test('a row that cannot be mended keeps no other from it', async () => {
  const [broken = 0, ...others] = await loseOrders(6);
  const failed: string[] = [];
  // The caller's own view of what is started stands in for a fault that only this row has.
  const onStarted = (workflowId: string) => {
    if (workflowId === orderSubject(broken)) {
      throw new Error('this one');
    }
  };

  const counts = await repairOrders({ onStarted, onFailed: (workflowId) => failed.push(workflowId) });

  expect(counts.lost).toBe(6);
  expect(failed).toEqual([orderSubject(broken)]);
  await Promise.all(others.map(async (id) => expect(await stateOf(id)).toBe('RUNNING')));
});
