import { measureCeiling } from '../ceiling/measure-ceiling';
import { closedLoop, Timings } from '../closed-loop';
import { cpuOf, memoryOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';
import { historyEvents } from './history-events';
import { placeAndPay } from './place-and-pay';
import { openShop, type Shop } from './shop';
import { verifyBooks } from './verify-books';

const clientCounts = [1, 8, 32];
const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];

/** Place and pay, in a closed loop at 1, 8 and 32 clients; then the ceiling of the same server. */
export async function benchOrders(options: { seconds: number }): Promise<void> {
  const system = await startSystem();

  try {
    const shop = await openShop(system.api, Math.max(...clientCounts));
    await measure(system, shop, 8, 8);
    console.log(`\nplace + pay, one line, ${options.seconds} s each after 8 s of warming up\n`);
    console.log(
      'clients  orders/s  POST /orders p50/p95 ms  pay p50/p95 ms  failures  CPU ms/order: all = API + workers + Temporal + PostgreSQL  ceiling/s  ratio',
    );

    for (const clients of clientCounts) {
      const measured = await measure(system, shop, clients, options.seconds);
      const ceiling = await measureCeiling(system.temporalAddress, clients, Math.min(options.seconds, 12));
      const best = ceiling.completed / ceiling.seconds;
      console.log(
        [
          String(clients).padStart(7),
          measured.rate.toFixed(1).padStart(9),
          `${measured.place.percentile(0.5).toFixed(0)} / ${measured.place.percentile(0.95).toFixed(0)}`.padStart(24),
          `${measured.pay.percentile(0.5).toFixed(0)} / ${measured.pay.percentile(0.95).toFixed(0)}`.padStart(15),
          String(measured.failures.length).padStart(9),
          `${measured.cpu.toFixed(1)} = ${measured.cpuByPart.map((value) => value.toFixed(1)).join(' + ')}`.padStart(
            50,
          ),
          best.toFixed(1).padStart(10),
          (measured.rate / best).toFixed(2).padStart(6),
        ].join(' '),
      );
      measured.failures.slice(0, 3).forEach((failure) => console.log(`         ${failure}`));
    }

    const { id } = await placeAndPay(system, shop, 0);
    console.log(`\nhistory events of an order placed and paid: ${await historyEvents(system.temporalAddress, id)}`);
    const memory = Object.fromEntries(parts.map((part) => [part, memoryOf(system.pids[part] ?? 0)]));
    console.log(
      `memory MB: ${JSON.stringify(memory)}; API + worker host ${(memory['API'] ?? 0) + (memory['Worker host'] ?? 0)}`,
    );
    console.log(`books: ${await verifyBooks(system.adminUrl)}`);
  } finally {
    await system.stop();
  }
}

async function measure(system: BenchSystem, shop: Shop, clients: number, seconds: number) {
  const place = new Timings();
  const pay = new Timings();
  const before = parts.map((part) => cpuOf(system.pids[part] ?? 0));
  const result = await closedLoop(clients, seconds, async (client) => {
    await placeAndPay(system, shop, client, place, pay);
  });
  const cpuByPart = parts.map(
    (part, index) => (cpuOf(system.pids[part] ?? 0) - (before[index] ?? 0)) / Math.max(1, result.completed),
  );

  return {
    rate: result.completed / result.seconds,
    failures: result.failures,
    place,
    pay,
    cpuByPart,
    cpu: cpuByPart.reduce((sum, value) => sum + value, 0),
  };
}
