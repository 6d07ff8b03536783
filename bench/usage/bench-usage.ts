import { randomUUID } from 'node:crypto';

import { Timings } from '../closed-loop';
import { call } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';

const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];
const batchSize = 100;
const clientCounts = [1, 4];
const customers = 200;

interface Answer {
  accepted: number;
  duplicates: number;
  rejected: number;
}

/** Events of usage in batches of 100 over HTTP, then all of one customer read with its price. */
export async function benchUsage({ events }: { events: number }): Promise<void> {
  const system = await startSystem();

  try {
    await measureIngest(system, { events });
  } finally {
    await system.stop();
  }
}

export async function measureIngest(system: BenchSystem, { events }: { events: number }): Promise<void> {
  const shop = await openMeteredShop(system);
  await send(system, shop, 4, 5_000);
  console.log(`\n${events} events, batches of ${batchSize}, ${customers} customers, 2 meters\n`);
  console.log('clients  events/s  batch p50/p95 ms  CPU ms/1,000 events: all = API + workers + Temporal + PostgreSQL');

  for (const clients of clientCounts) {
    const { rate, timings, cpu } = await send(system, shop, clients, events);
    const all = cpu.reduce((sum, value) => sum + value, 0);
    console.log(
      [
        String(clients).padStart(7),
        rate.toFixed(0).padStart(9),
        `${timings.percentile(0.5).toFixed(1)} / ${timings.percentile(0.95).toFixed(1)}`.padStart(17),
        `${all.toFixed(0)} = ${cpu.map((value) => value.toFixed(0)).join(' + ')}`.padStart(30),
      ].join(' '),
    );
  }
  await verifyUsage(system, shop, 5_000 + clientCounts.length * events);
}

interface MeteredShop {
  token: string;
  customerIds: number[];
}

async function openMeteredShop({ api }: BenchSystem): Promise<MeteredShop> {
  const { accessToken: token } = await call<{ accessToken: string }>(api, 'POST', '/auth/login', {
    body: { email: 'admin@demo.test', password: 'demo-password-1' },
  });
  const meters = [
    { code: 'bytes', name: 'Bytes', aggregation: 'sum', property: 'bytes', eventName: 'request' },
    { code: 'requests-vn', name: 'Requests', aggregation: 'count', eventName: 'request', filters: { region: ['vn'] } },
  ];

  for (const body of meters) {
    const { id } = await call<{ id: number }>(api, 'POST', '/meters', { token, body });
    const price = {
      model: 'graduated',
      tiers: [
        { upTo: '1000', unitPrice: '1' },
        { upTo: null, unitPrice: '0.5' },
      ],
    };
    await call(api, 'POST', `/meters/${id}/prices`, { token, body: { price } });
  }
  const customerIds: number[] = [];

  for (let index = 0; index < customers; index += 1) {
    const body = { name: `Bench ${index}`, email: `metered-${index}@example.test` };
    customerIds.push((await call<{ id: number }>(api, 'POST', '/customers', { token, body })).id);
  }

  return { token, customerIds };
}

/** All events of one taking; each client sends its next batch when the one before is answered. */
async function send(system: BenchSystem, { token, customerIds }: MeteredShop, clients: number, events: number) {
  const timings = new Timings();
  const batches = events / batchSize;
  const before = parts.map((part) => cpuOf(system.pids[part] ?? 0));
  const startedAt = performance.now();
  let next = 0;

  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let batch = next++; batch < batches; batch = next++) {
        const body = { events: Array.from({ length: batchSize }, (_, index) => anEvent(customerIds, batch + index)) };
        const sentAt = performance.now();
        const answer = await call<Answer>(system.api, 'POST', '/usage/events', { token, body });
        timings.add(performance.now() - sentAt);

        if (answer.accepted !== batchSize) {
          throw new Error(`Of a batch ${answer.rejected} were rejected, ${answer.duplicates} were there already.`);
        }
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = parts.map((part, index) => ((cpuOf(system.pids[part] ?? 0) - (before[index] ?? 0)) * 1_000) / events);

  return { rate: events / seconds, timings, cpu };
}

const anEvent = (customerIds: number[], index: number) => ({
  id: randomUUID(),
  event: 'request',
  customerId: customerIds[index % customerIds.length],
  timestamp: new Date().toISOString(),
  properties: { bytes: 1_024 + (index % 7), region: index % 2 === 0 ? 'vn' : 'sg', path: '/api/v1/orders' },
});

/** Every event is counted once: what the customers used sums up to what was sent. */
async function verifyUsage({ api }: BenchSystem, { token, customerIds }: MeteredShop, sent: number): Promise<void> {
  let counted = 0;
  const timings = new Timings();

  for (const customerId of customerIds) {
    const startedAt = performance.now();
    const { usage } = await call<{ usage: { meter: string; events: number }[] }>(api, 'GET', `/usage/${customerId}`, {
      token,
    });
    timings.add(performance.now() - startedAt);
    counted += usage.find(({ meter }) => meter === 'bytes')?.events ?? 0;
  }

  if (counted !== sent) {
    throw new Error(`${sent} events were sent, ${counted} are counted.`);
  }
  console.log(`\nreading both meters of a customer with their prices: p50 ${timings.percentile(0.5).toFixed(1)} ms`);
  console.log(`books: ${counted} events sent and counted`);
}
