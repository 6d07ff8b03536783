import { setTimeout as sleep } from 'node:timers/promises';

import { openTemporal } from '../../platform/temporal/client';
import { type SteadyOrders, steadyOrders } from '../month-end/steady-orders';
import { call, openShop } from '../orders/shop';
import { startSystem } from '../start-system';
import { copyUnpaidOrder } from './copied-orders';

const shoppers = 8;
const restSeconds = 30;
const ordersPerSecond = 1;

/** Longer than this it is given up. Milliseconds. */
const patienceMs = 1_800_000;

/** Orders whose workflows Temporal does not have, as after a restore: how long until all have one, and what others wait. */
export async function benchRepair({ lost }: { lost: number }): Promise<void> {
  const system = await startSystem({ name: 'repair' });
  const temporal = openTemporal({ address: system.temporalAddress, namespace: 'default' });

  try {
    // The last shopper's only order is the one that is copied.
    const shop = await openShop(system.api, shoppers + 1);
    const token = shop.tokens.pop() ?? '';
    const order = await call<{ id: number; customerId: number }>(system.api, 'POST', '/orders', {
      token,
      body: {
        items: [{ productId: shop.productIds[0], quantity: 1 }],
        shippingAddress: '12 Tràng Tiền, Hà Nội',
        paymentMethod: 'vnpay',
      },
    });
    const place = (until: () => boolean) => steadyOrders(system, shop, { perSecond: ordersPerSecond, until });
    const after = (seconds: number) => {
      const at = performance.now() + seconds * 1_000;

      return () => performance.now() >= at;
    };
    await place(after(10));
    tell('at rest', await place(after(restSeconds)));
    await copyUnpaidOrder(system.adminUrl, order.id, lost);

    const running = async () =>
      (
        await temporal.client.workflow.count(
          `WorkflowType = 'order' AND CustomerId = ${order.customerId} AND ExecutionStatus = 'Running'`,
        )
      ).count;
    const begun = { at: 0, until: performance.now() + patienceMs };
    let isOver = false;
    const orders = place(() => isOver);

    try {
      for (let count = await running(); count < lost + 1; count = await running()) {
        begun.at ||= count > 1 ? performance.now() : 0;

        if (performance.now() > begun.until) {
          throw new Error(`Given up: ${count - 1} of ${lost} are back.`);
        }
        await sleep(500);
      }
    } finally {
      isOver = true;
    }
    const seconds = (performance.now() - begun.at) / 1_000;
    console.log(`\n${lost} orders without a workflow: all back ${seconds.toFixed(0)} s after the first`);
    tell('meanwhile', await orders);
  } finally {
    await temporal.close();
    await system.stop();
  }
}

function tell(when: string, { place, placed, failures }: SteadyOrders): void {
  const times = [0.5, 0.95, 0.99].map((share) => place.percentile(share).toFixed(0)).join(' / ');
  console.log(
    `orders ${when}: ${placed}, POST /orders p50/p95/p99 ${times} ms, ${failures.length} failed${failures.length > 0 ? `, such as ${failures[0]}` : ''}`,
  );
}
