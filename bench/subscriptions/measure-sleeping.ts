import { setTimeout as delay } from 'node:timers/promises';

import { memoryOf } from '../process-cpu';
import type { BenchSystem } from '../start-system';
import type { SubscriberShop } from './subscriber-shop';
import { countActivated } from './verify-renewals';

const clients = 8;
/** Creating customers is not what is measured, so each has several subscriptions. */
const customers = 100;

/** Creates subscriptions that live by real time, each paid by a card at once, and watches the worker host's memory. */
export async function measureSleeping(system: BenchSystem, shop: SubscriberShop, count: number): Promise<void> {
  const memory = () => memoryOf(system.pids['Worker host'] ?? 0);
  const customerIds: number[] = [];

  for (let nth = 0; nth < customers; nth += 1) {
    customerIds.push(await shop.addCustomer(null));
  }
  console.log(`sleeping subscriptions, created by ${clients} clients; memory of the worker host`);
  console.log(`  ${String(0).padStart(6)}: ${memory()} MB`);
  let created = 0;
  let seconds = 0;

  for (const next of [500, 1_000, 2_000, 5_000, 10_000].filter((step) => step < count).concat(count)) {
    const startedAt = performance.now();
    let left = next - created;
    const failures = await createAtOnce(
      () => left-- > 0,
      (nth) => shop.subscribe(customerIds[nth % customers] ?? 0),
    );

    if (failures.length > 0) {
      throw new Error(`Not created: ${failures.slice(0, 3).join('; ')}`);
    }

    while ((await countActivated(system.adminUrl)) < next) {
      await delay(100);
    }
    const took = (performance.now() - startedAt) / 1_000;
    seconds += took;
    console.log(
      `  ${String(next).padStart(6)}: ${memory()} MB; ${((next - created) / took).toFixed(1)} created and active/s`,
    );
    created = next;
  }
  console.log(`  creation rate over all: ${(count / seconds).toFixed(1)}/s, active with a card`);
}

async function createAtOnce(takeOne: () => boolean, create: (nth: number) => Promise<unknown>): Promise<string[]> {
  let nth = 0;
  const failures: string[] = [];
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (takeOne()) {
        nth += 1;
        await create(nth).catch((error: unknown) => failures.push(String(error)));
      }
    }),
  );

  return failures;
}
