import { measureCheckCeiling } from '../ceiling/measure-check-ceiling';
import { closedLoop, Timings } from '../closed-loop';
import { call } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';
import { openSubscriberShop } from '../subscriptions/subscriber-shop';

const start = '2025-01-20T09:00:00+07:00';
const yearOn = '2026-01-25T09:00:00+07:00';
const addonKeys = ['storage', 'ai_assistant', 'bench_backup'];
const clientCounts = [1, 8, 32];

/** A year of a free tier with three add-ons on a clock; then checks of one feature in a closed loop. */
export async function benchFreemium({ seconds }: { seconds: number }): Promise<void> {
  const system = await startSystem();

  try {
    await measureFreemium(system, { seconds });
  } finally {
    await system.stop();
  }
}

export async function measureFreemium(system: BenchSystem, { seconds }: { seconds: number }): Promise<void> {
  const shop = await openSubscriberShop(system.api);
  const { accessToken: token } = await call<{ accessToken: string }>(system.api, 'POST', '/auth/login', {
    body: { email: 'admin@demo.test', password: 'demo-password-1' },
  });
  const post = <Answer>(path: string, body: unknown) => call<Answer>(system.api, 'POST', path, { body, token });
  const { id: planId } = await post<{ id: number }>('/plans', {
    name: 'Bench free',
    price: 0,
    billingCycle: 'monthly',
  });
  await post('/addons', { key: 'bench_backup', name: 'Backup', price: 30_000, billingPeriod: 'monthly' });

  const customers: number[] = [];
  const years: number[] = [];

  for (let nth = 0; nth < 5; nth += 1) {
    const clockId = await shop.addClock(start);
    const customerId = await shop.addCustomer(clockId);
    const { id } = await post<{ id: number }>('/subscriptions', {
      customerId,
      planId,
      paymentMethod: 'card',
      paymentToken: 'tok_ok',
    });
    await post(`/subscriptions/${id}/addons`, { addonKeys });
    years.push(await shop.advance(clockId, yearOn));
    customers.push(customerId);
  }
  console.log(`a year of a free tier with 3 add-ons on a clock: ${years.map((one) => one.toFixed(2)).join(', ')} s`);

  console.log(`\nchecks of one feature, ${seconds} s each after 3 s of warming up`);
  console.log('clients  checks/s  p50/p99 ms  failures  CPU ms of API + PostgreSQL');

  for (const clients of clientCounts) {
    await checks(clients, 3, new Timings());
    const timings = new Timings();
    const used = () => ['API', 'PostgreSQL'].map((part) => cpuOf(system.pids[part] ?? 0));
    const before = used();
    const { completed, failures, seconds: took } = await checks(clients, seconds, timings);
    const cpu = used().map((value, nth) => ((value - (before[nth] ?? 0)) / Math.max(1, completed)).toFixed(2));
    console.log(
      [
        String(clients).padStart(7),
        (completed / took).toFixed(0).padStart(9),
        `${timings.percentile(0.5).toFixed(1)} / ${timings.percentile(0.99).toFixed(1)}`.padStart(11),
        String(failures.length).padStart(9),
        cpu.join(' + ').padStart(12),
      ].join(' '),
    );
  }

  const ceiling = await measureCheckCeiling({ adminUrl: system.adminUrl, customers, clients: 8, seconds });
  console.log(
    `ceiling, 8 clients of a bare server that reads one row: ${(ceiling.completed / ceiling.seconds).toFixed(0)}/s, p50/p99 ${ceiling.timings.percentile(0.5).toFixed(1)} / ${ceiling.timings.percentile(0.99).toFixed(1)} ms`,
  );

  function checks(clients: number, forSeconds: number, timings: Timings) {
    return closedLoop(clients, forSeconds, async (client) => {
      const from = performance.now();
      const path = `/entitlements/${customers[client % customers.length]}/ai_assistant`;
      const { isEntitled } = await call<{ isEntitled: boolean }>(system.api, 'GET', path, { token });
      timings.add(performance.now() - from);

      if (!isEntitled) {
        throw new Error('Not entitled.');
      }
    });
  }
}
