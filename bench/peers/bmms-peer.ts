import { placeAndPay } from '../orders/place-and-pay';
import { openShop } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import { startSystem } from '../start-system';
import type { Peer } from './peer';

/** This build, started as `npm start` does. */
export async function startBmms(clients: number): Promise<Peer> {
  const system = await startSystem();

  try {
    const shop = await openShop(system.api, clients);

    return {
      name: 'bmms',
      cpu: () =>
        Object.fromEntries(
          ['API', 'Worker host', 'Temporal', 'PostgreSQL'].map((part) => [part, cpuOf(system.pids[part] ?? 0)]),
        ),
      buy: async (client) => void (await placeAndPay(system, shop, client)),
      stop: system.stop,
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}
