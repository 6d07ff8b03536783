import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { openShop } from '../orders/shop';
import { cpuOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';
import { copySubscription } from './copied-subscriptions';
import { openMonthEndCompany } from './month-end-company';
import { startWorkflows } from './start-workflows';
import { type SteadyOrders, steadyOrders } from './steady-orders';
import { verifyMonthEnd } from './verify-month-end';
import { type Renewals, type RenewalWatch, watchRenewals } from './watch-renewals';

const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];
const shoppers = 8;
const restSeconds = 45;
const lookEveryMs = 1_000;

/** A month end that takes longer than this is given up. Milliseconds a renewal, and at least. */
const patience = { each: 1_000, least: 300_000 };

export interface MonthEnd {
  /** That renew at one instant, all of one company. */
  subscriptions: number;
  /** Of another company, while it rests and during the renewals. */
  ordersPerSecond: number;
  /** kill -9 of the worker host when half of them are renewed. */
  isKilling: boolean;
  /** Time to start the workflows in, milliseconds each: what is not ready when the instant comes spoils the run. */
  setUpMs: number;
}

/** What is meant by `month-end [subscriptions] [--orders 2] [--set-up 150] [--kill]`. */
export function readMonthEnd(words: string[]): MonthEnd {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      orders: { type: 'string', default: '2' },
      'set-up': { type: 'string', default: '150' },
      kill: { type: 'boolean', default: false },
    },
  });

  return {
    subscriptions: Number(positionals[0] ?? 20_000),
    ordersPerSecond: Number(values.orders),
    setUpMs: Number(values['set-up']),
    isKilling: values.kill,
  };
}

/** All subscriptions of a company renew at one instant, by real time, while another company's orders go on. */
export async function benchMonthEnd(options: MonthEnd): Promise<void> {
  const { subscriptions, ordersPerSecond, isKilling } = options;
  const system = await startSystem({ name: 'month-end' });

  try {
    const setUpMs = 30_000 + subscriptions * options.setUpMs + restSeconds * 1_000;
    const renewsAt = new Date(Math.ceil((Date.now() + setUpMs) / 1_000) * 1_000);
    const company = await openMonthEndCompany(system, renewsAt);
    const copies = await copySubscription(system.adminUrl, company, subscriptions - 1);
    const startedAt = performance.now();
    await startWorkflows(system, company.companyId, copies);
    const took = (performance.now() - startedAt) / 1_000;
    console.log(
      `\n${subscriptions} weekly subscriptions of one company; their workflows were started in ${took.toFixed(0)} s, ${(copies.length / took).toFixed(1)}/s`,
    );
    const shop = await openShop(system.api, shoppers);
    const restUntil = renewsAt.getTime() - 2_000;

    if (restUntil - Date.now() < (restSeconds / 2) * 1_000) {
      throw new Error(`Not ready in time: give more than ${options.setUpMs} ms for each subscription.`);
    }
    await steadyOrders(system, shop, { perSecond: ordersPerSecond, until: soon(10_000) });
    tellOrders(
      'at rest',
      await steadyOrders(system, shop, { perSecond: ordersPerSecond, until: () => Date.now() >= restUntil }),
    );
    await sleep(Math.max(0, renewsAt.getTime() - Date.now()));

    const watch = await watchRenewals(system.adminUrl, company, renewsAt);

    try {
      const before = parts.map((part) => cpuOf(system.pids[part] ?? 0));
      let isOver = false;
      const orders = steadyOrders(system, shop, { perSecond: ordersPerSecond, until: () => isOver });
      const renewals = await untilAllArePaid(watch, options, () => kill(system, isKilling)).finally(
        () => (isOver = true),
      );
      const placed = await orders;
      tellRenewals(renewals, subscriptions);
      tellOrders('during the renewals', placed);

      if (!isKilling) {
        const cpu = parts.map((part, index) => (cpuOf(system.pids[part] ?? 0) - (before[index] ?? 0)) / 1_000);
        console.log(`CPU s: ${parts.map((part, index) => `${part} ${cpu[index]?.toFixed(1)}`).join(', ')}`);
      }
      console.log(`books: ${await verifyMonthEnd(system.adminUrl, company, { wanted: subscriptions, renewsAt })}`);
    } finally {
      await watch.close();
    }
  } finally {
    await system.stop();
  }
}

async function untilAllArePaid(watch: RenewalWatch, { subscriptions }: MonthEnd, half: () => void): Promise<Renewals> {
  const until = performance.now() + Math.max(patience.least, subscriptions * patience.each);
  let isHalf = false;

  for (;;) {
    const renewals = await watch.look();

    if (renewals.paid >= subscriptions) {
      return renewals;
    }

    if (!isHalf && renewals.renewed * 2 >= subscriptions) {
      isHalf = true;
      half();
    }

    if (performance.now() > until) {
      throw new Error(`Given up: ${JSON.stringify(renewals)}`);
    }
    await sleep(lookEveryMs);
  }
}

/** The supervisor starts it again. */
function kill({ pids }: BenchSystem, isKilling: boolean): void {
  if (isKilling) {
    process.kill(pids['Worker host'] ?? 0, 'SIGKILL');
    console.log('kill -9 of the worker host, half of them renewed');
  }
}

const soon = (ms: number) => {
  const until = Date.now() + ms;

  return () => Date.now() >= until;
};

function tellRenewals({ lastAfter, p50After, p99After }: Renewals, count: number): void {
  const seconds = (value: number | null) => (value ?? Number.NaN).toFixed(1);
  console.log(
    `renewed and paid: half after ${seconds(p50After)} s, 99 of 100 after ${seconds(p99After)} s, the last after ${seconds(lastAfter)} s; ${(count / (lastAfter ?? Number.NaN)).toFixed(1)}/s`,
  );
}

function tellOrders(when: string, { place, pay, placed, failures }: SteadyOrders): void {
  const times = (of: SteadyOrders['place']) =>
    [0.5, 0.95, 0.99].map((share) => of.percentile(share).toFixed(0)).join(' / ');
  console.log(
    `orders ${when}: ${placed}, POST /orders p50/p95/p99 ${times(place)} ms, pay ${times(pay)} ms, ${failures.length} failed${failures.length > 0 ? `, such as ${failures[0]}` : ''}`,
  );
}
