import { lastPolled } from '../../../clients/task-queue-client';
import { createLocalTarget } from '../../../gateways/local/create-local-target';
import { systemClock } from '../../../platform/clock';
import { openDatabase } from '../../../platform/db/database';
import { openSwitchWorld, type SwitchWorld, until } from './switch-world';

let world: SwitchWorld;
beforeAll(async () => {
  world = await openSwitchWorld();
}, 240_000);
afterAll(() => world?.close());

test('a service that is stopped and begun again at once is ready as soon as its Worker is a new one', async () => {
  const database = openDatabase({ url: world.system.description.appUrl, poolSize: 2 });
  const polled = (queue: string) => lastPolled(world.temporal.client, queue);
  const target = createLocalTarget({ database, clock: systemClock, lastPolled: polled });
  const wanted = {
    service: 'inventory-svc',
    name: 'InventoryService',
    namespace: 'order',
    replicas: 1,
    env: {},
  } as const;
  const release = await target.render([wanted]);

  try {
    // It waits at its queue, and asks anew only when its poll is over, after a minute.
    await until(
      'its Worker is at rest',
      async () => Date.now() - ((await polled('inventory-svc')) ?? Infinity) > 5_000,
    );

    // Nobody looks in between: the worker host does every half second.
    await world.query(
      `INSERT INTO platform.service_state (service, replicas, env, state, updated_at) VALUES ('inventory-svc', 0, '{}', 'stopped', now())
       ON CONFLICT (service) DO UPDATE SET replicas = 0, state = 'stopped', updated_at = now()`,
    );
    const applied = await target.apply({ release, key: 'begun/again', approved: await target.describe() });

    expect(await target.watchRollout(applied, { timeoutMs: target.rolloutMs })).toEqual({ outcome: 'ready' });
  } finally {
    await database.close();
  }
});
