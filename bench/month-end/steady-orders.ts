import { setTimeout as sleep } from 'node:timers/promises';

import { Timings } from '../closed-loop';
import { placeAndPay } from '../orders/place-and-pay';
import type { Shop } from '../orders/shop';
import type { BenchSystem } from '../start-system';

export interface SteadyOrders {
  place: Timings;
  pay: Timings;
  placed: number;
  failures: string[];
}

/**
 * Orders at a steady rate, each placed when its time has come, whether those before have been answered or not: a system that
 * is slow does not get fewer of them.
 * @param options.until when no more are placed; those under way are waited for
 */
export async function steadyOrders(
  system: BenchSystem,
  shop: Shop,
  { perSecond, until }: { perSecond: number; until: () => boolean },
): Promise<SteadyOrders> {
  const orders: SteadyOrders = { place: new Timings(), pay: new Timings(), placed: 0, failures: [] };
  const underWay = new Set<Promise<unknown>>();
  const startedAt = performance.now();

  for (let nth = 0; !until(); nth += 1) {
    const one = placeAndPay(system, shop, nth % shop.tokens.length, orders.place, orders.pay).then(
      () => (orders.placed += 1),
      (error: unknown) => orders.failures.push(String(error)),
    );
    underWay.add(one);
    void one.then(() => underWay.delete(one));
    await sleep(Math.max(0, startedAt + ((nth + 1) * 1_000) / perSecond - performance.now()));
  }
  await Promise.all(underWay);

  return orders;
}
