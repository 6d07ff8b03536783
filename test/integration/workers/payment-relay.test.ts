import { Client } from '@temporalio/client';

import { orderSubject } from '../../../domain/orders/order-number-rules';
import { systemClock } from '../../../platform/clock';
import { createLogger } from '../../../platform/logger';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { runPaymentRelay } from '../../../workers/payment-relay';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { openOrderWorld, type OrderWorld } from '../orders/order-world';

let world: OrderWorld;
let temporal: TemporalClient;
/** Orders to which no signal gets through. */
const deaf = new Set<string>();

beforeAll(async () => {
  world = await openOrderWorld();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace: await claimNamespace() });
});
afterAll(async () => {
  await temporal?.close();
  await world?.close();
});

/** Temporal as it is, but for those orders. */
function halfDeaf(): Client {
  return new Client({
    connection: temporal.connection,
    namespace: temporal.namespace,
    interceptors: {
      workflow: [
        {
          signal(input, next) {
            if (deaf.has(input.workflowExecution.workflowId)) {
              throw new Error('not to be told');
            }

            return next(input);
          },
        },
      ],
    },
  });
}

async function untold(): Promise<number[]> {
  const rows = await world.query<{ orderId: number }>(
    `SELECT p.order_id AS "orderId" FROM finance.provider_events e JOIN finance.payments p ON p.reference = e.reference
      WHERE e.signalled_at IS NULL ORDER BY e.id`,
  );

  return rows.map(({ orderId }) => orderId);
}

async function runRelayUntil(isReached: () => Promise<boolean>): Promise<void> {
  const abort = new AbortController();
  const relay = runPaymentRelay({
    database: world.database,
    clock: systemClock,
    temporal: halfDeaf(),
    logger: createLogger({ level: 'silent', name: 'test' }),
    signal: abort.signal,
  });

  try {
    while (!(await isReached())) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    abort.abort();
    await relay;
  }
}

test('news of a payment is told although that of more than a hundred before it cannot be, and theirs once it can', async () => {
  const productId = await world.addProduct({ stock: 1_000 });
  const orders: number[] = [];

  for (let nth = 0; nth < 103; nth += 1) {
    const { orderId, payment } = await world.place({ items: [{ productId, quantity: 1 }] });
    world.now = new Date(world.now.getTime() + 1);
    await world.enter(payment.paymentId, 'success');
    orders.push(orderId);
  }
  const stuck = orders.slice(0, 102);
  stuck.forEach((id) => deaf.add(orderSubject(id)));

  await runRelayUntil(async () => (await untold()).length === 102);
  expect(await untold()).toEqual(stuck);

  deaf.clear();
  await runRelayUntil(async () => (await untold()).length === 0);
  const { events } = await temporal.client.workflow.getHandle(orderSubject(stuck[0] ?? 0)).fetchHistory();
  expect((events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [])).toEqual([
    'paymentSettled',
  ]);
});
