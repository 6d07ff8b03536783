import { availableParallelism } from 'node:os';

import { closedLoop, Timings } from '../closed-loop';
import { placeAndPay } from '../orders/place-and-pay';
import { openShop, type Shop } from '../orders/shop';
import { verifyBooks } from '../orders/verify-books';
import { cpuOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';
import { type MoreProcess, startOneMore } from './more-processes';

/** So many APIs and worker hosts, one after the other; each adds to those before. */
const stages = [
  [1, 1],
  [2, 1],
  [2, 2],
  [4, 4],
] as const;
const clients = 16;

/**
 * Orders that are placed and paid by more and more processes on one machine; then one API and one worker host are ended by
 * `kill -9` amid orders.
 * @param options.seconds of each measurement
 */
export async function benchScaleOut({ seconds }: { seconds: number }): Promise<void> {
  const system = await startSystem();
  const more: MoreProcess[] = [];

  try {
    const shop = await openShop(system.api, clients);
    await measure(system, shop, more, 8);
    console.log(`\nplace + pay, ${clients} clients, ${seconds} s each, ${availableParallelism()} cores\n`);
    console.log(
      'APIs  worker hosts  orders/s  order p50/p95 ms  failures  CPU ms/order = APIs + worker hosts + Temporal + PostgreSQL',
    );

    for (const [apis, workers] of stages) {
      await grow(system, more, 'api', apis);
      await grow(system, more, 'worker', workers);
      // The first orders of a process meet code that is not compiled yet.
      await measure(system, shop, more, 8);
      const { rate, times, failures, cpu } = await measure(system, shop, more, seconds);
      console.log(
        [
          String(apis).padStart(4),
          String(workers).padStart(13),
          rate.toFixed(1).padStart(9),
          `${times.percentile(0.5).toFixed(0)} / ${times.percentile(0.95).toFixed(0)}`.padStart(17),
          String(failures.length).padStart(9),
          ` ${cpu.reduce((sum, one) => sum + one, 0).toFixed(1)} = ${cpu.map((one) => one.toFixed(1)).join(' + ')}`,
        ].join(' '),
      );
      failures.slice(0, 3).forEach((failure) => console.log(`      ${failure}`));
    }
    await killAmidOrders(system, shop, more, seconds);
    console.log(`books: ${await verifyBooks(system.adminUrl)}`);
  } finally {
    await Promise.all(more.map((one) => one.stop()));
    await system.stop();
  }
}

async function grow(system: BenchSystem, more: MoreProcess[], kind: MoreProcess['kind'], wanted: number) {
  while (1 + more.filter((one) => one.kind === kind).length < wanted) {
    more.push(await startOneMore(system, kind));
  }
}

const pidsOf = (more: readonly MoreProcess[], kind: MoreProcess['kind']) =>
  more.filter((one) => one.kind === kind).map(({ pid }) => pid);

const addressesOf = (system: BenchSystem, more: readonly MoreProcess[]) => [
  system.api,
  ...more.filter(({ kind }) => kind === 'api').map(({ address }) => address),
];

/** Clients are spread over the APIs, as by a load balancer. @returns orders a second, the times of each and what failed */
async function takeOrders(system: BenchSystem, shop: Shop, apis: readonly string[], seconds: number) {
  const times = new Timings();
  const taken = await closedLoop(clients, seconds, async (client) => {
    const startedAt = performance.now();
    await placeAndPay({ ...system, api: apis[client % apis.length] ?? system.api }, shop, client);
    times.add(performance.now() - startedAt);
  });

  return { completed: taken.completed, failures: taken.failures, rate: taken.completed / taken.seconds, times };
}

async function measure(system: BenchSystem, shop: Shop, more: readonly MoreProcess[], seconds: number) {
  const groups = [
    [system.pids['API'] ?? 0, ...pidsOf(more, 'api')],
    [system.pids['Worker host'] ?? 0, ...pidsOf(more, 'worker')],
    [system.pids['Temporal'] ?? 0],
    [system.pids['PostgreSQL'] ?? 0],
  ];
  const used = () => groups.map((pids) => pids.reduce((sum, pid) => sum + cpuOf(pid), 0));
  const before = used();
  const taken = await takeOrders(system, shop, addressesOf(system, more), seconds);

  return {
    ...taken,
    cpu: used().map((now, index) => (now - (before[index] ?? 0)) / Math.max(1, taken.completed)),
  };
}

/** Clients of the API that goes lose what they have under way; all others only wait for what the worker host had. */
async function killAmidOrders(system: BenchSystem, shop: Shop, more: MoreProcess[], seconds: number): Promise<void> {
  const gone = [more.findIndex(({ kind }) => kind === 'api'), more.findIndex(({ kind }) => kind === 'worker')]
    .map((index) => more[index])
    .filter((one) => one !== undefined);
  const apiGone = gone.find(({ kind }) => kind === 'api')?.address;
  const staying = addressesOf(system, more).filter((address) => address !== apiGone);
  const killing = new Promise<void>((resolve) => {
    setTimeout(() => void Promise.all(gone.map((one) => one.stop('SIGKILL'))).then(() => resolve()), 2_000);
  });
  const { rate, times, failures } = await takeOrders(system, shop, staying, seconds);
  await killing;
  gone.forEach((one) => more.splice(more.indexOf(one), 1));
  console.log(
    `\nan API and a worker host killed after 2 s, clients of the APIs that stay: ${rate.toFixed(1)} orders/s, p50/p95/slowest ${[0.5, 0.95, 1].map((share) => times.percentile(share).toFixed(0)).join(' / ')} ms, ${failures.length} failed`,
  );
  failures.slice(0, 3).forEach((failure) => console.log(`      ${failure}`));
}
