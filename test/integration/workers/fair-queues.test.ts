import path from 'node:path';

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { restartOrder } from '../../../clients/order-client';
import { startUnlessRunning } from '../../../clients/workflow-start';
import { orderWorkflowInput } from '../../../domain/orders/order-workflow-input';
import { systemClock } from '../../../platform/clock';
import { readConfig } from '../../../platform/config';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { activitiesOf } from '../../../workers/activity-sets';
import { findService } from '../../../workers/services';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { until } from '../events/outbox';
import { openOrderWorld, type OrderWorld } from '../orders/order-world';

const bundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };
const many = 24;

let world: OrderWorld;
let other: OrderWorld;
let temporal: TemporalClient;
let namespace: string;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openOrderWorld();
  other = await world.another();
});
beforeEach(async () => {
  namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
});
afterEach(() => temporal?.close());
afterAll(() => world?.close());

/** order-svc, one task after the other, until it has taken up so many. @returns the orders as they were taken up */
async function takeUp(count: number): Promise<number[]> {
  const taken: number[] = [];
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const activities = activitiesOf(findService('order-svc'), {
    config: readConfig({}),
    database: world.database,
    gateways: world.gateways,
    clock: systemClock,
    installation: 'test',
    allowTestPayments: true,
    temporal: temporal.client,
  }) as Record<string, (input: { orderId: number }) => Promise<unknown>>;
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: 'order-svc',
    maxConcurrentWorkflowTaskExecutions: 2,
    maxConcurrentWorkflowTaskPolls: 2,
    maxCachedWorkflows: 100,
    activities: {
      ...activities,
      placeOrder(input: { orderId: number }) {
        taken.push(input.orderId);

        return activities['placeOrder']?.(input);
      },
    },
    workflowBundle: bundle,
  });
  const running = worker.run();

  try {
    await until('all are taken up', () => taken.length >= count);
  } finally {
    worker.shutdown();
    await running;
    await connection.close();
  }

  return taken;
}

async function place(of: OrderWorld, count: number): Promise<number[]> {
  const product = await of.addProduct({ price: 50_000, stock: 1_000 });
  const ids: number[] = [];

  for (let nth = 0; nth < count; nth += 1) {
    ids.push((await of.place({ items: [{ productId: product, quantity: 1 }] })).orderId);
  }

  return ids;
}

const restart = (of: OrderWorld, id: number) =>
  restartOrder({ database: world.database, temporal: temporal.client }, { companyId: of.company.id, id });

test('a company that has much waiting does not hold up another one', async () => {
  for (const id of await place(world, many)) {
    await restart(world, id);
  }
  const [lone = 0] = await place(other, 1);
  await restart(other, lone);

  const taken = await takeUp(many + 1);

  expect(taken.indexOf(lone)).toBeGreaterThanOrEqual(0);
  expect(taken.indexOf(lone)).toBeLessThan(many / 4);
});

test('what somebody waits for goes before what nobody does', async () => {
  for (const orderId of await place(world, many)) {
    await startUnlessRunning(temporal.client, {
      type: 'order',
      workflowId: `order/${orderId}`,
      taskQueue: 'order-svc',
      input: orderWorkflowInput(world.company.id, await world.read(orderId)),
      companyId: world.company.id,
      urgency: 'background',
      summary: 'an order that nobody waits for',
    });
  }
  const [asked = 0] = await place(world, 1);
  await restart(world, asked);

  const taken = await takeUp(many + 1);

  expect(taken.indexOf(asked)).toBeGreaterThanOrEqual(0);
  expect(taken.indexOf(asked)).toBeLessThan(many / 4);
});
