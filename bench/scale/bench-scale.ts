import { closedLoop, Timings } from '../closed-loop';
import { placeAndPay } from '../orders/place-and-pay';
import { call, openShop } from '../orders/shop';
import { startSystem } from '../start-system';
import { openSubscriberShop } from '../subscriptions/subscriber-shop';
import { listCalls } from './list-calls';
import { seed } from './seed';
import type { Scale } from './seeded-rows';

const clients = 8;

/** Milliseconds that nothing that is asked for while somebody waits should take, of 99 in 100. */
const wantedMs = 50;

/** The lists and searches of the API, and the order path, with so much in the tables, and before. */
export async function benchScale(scale: Scale, seconds: number): Promise<void> {
  const system = await startSystem({ name: 'scale' });

  try {
    const shop = await openShop(system.api, clients);
    const { id: orderId } = await placeAndPay(system, shop, 0);
    const subscribers = await openSubscriberShop(system.api);
    const subscriptionId = await subscribers.subscribe(await subscribers.addCustomer(null));
    const { accessToken: token } = await call<{ accessToken: string }>(system.api, 'POST', '/auth/login', {
      body: { email: 'admin@demo.test', password: 'demo-password-1' },
    });
    const orders = async (what: string) => {
      const place = new Timings();
      const pay = new Timings();
      const { completed, failures } = await closedLoop(clients, seconds, async (client) => {
        await placeAndPay(system, shop, client, place, pay);
      });
      console.log(
        `orders, ${what}: ${(completed / seconds).toFixed(1)}/s, p50 of placing ${place.percentile(0.5).toFixed(0)} ms, of paying ${pay.percentile(0.5).toFixed(0)} ms, ${failures.length} failed${failures.length > 0 ? `, such as ${failures[0]}` : ''}`,
      );
    };
    await orders('to warm up');
    await orders('with empty tables');
    await seed(system.adminUrl, scale, { orderId, subscriptionId }, console.log);
    await orders('to warm up');
    await orders(`with ${scale.orders} orders`);

    console.log(`\nlists and searches, ${clients} clients, ${seconds} s; p50 and p99 in ms, * more than ${wantedMs}\n`);
    const calls = listCalls({ orderId, subscriptionId });
    const times = new Map(calls.map((path) => [path, new Timings()]));
    const ask = async (path: string) => {
      const startedAt = performance.now();
      await call(system.api, 'GET', encodeURI(path), { token });
      times.get(path)?.add(performance.now() - startedAt);
    };

    // Each first by itself: what is slow must not be taken for the fault of the others.
    for (const path of calls) {
      const startedAt = performance.now();
      const error = await ask(path).then(
        () => '',
        (reason: unknown) => ` ${String(reason)}`,
      );
      const took = performance.now() - startedAt;
      console.log(`${took.toFixed(0).padStart(7)} alone${took > wantedMs ? ' *' : '  '} ${path}${error}`);
    }
    times.forEach((_, path) => times.set(path, new Timings()));
    const { failures } = await closedLoop(clients, seconds * 3, (client) =>
      ask(calls[Math.floor(Math.random() * calls.length + client) % calls.length] ?? '/orders'),
    );
    console.log();

    for (const [path, taken] of times) {
      const p99 = taken.percentile(0.99);
      console.log(
        `${taken.percentile(0.5).toFixed(0).padStart(7)} ${p99.toFixed(0).padStart(7)}${p99 > wantedMs ? ' *' : '  '} ${path}`,
      );
    }
    failures.slice(0, 5).forEach((failure) => console.log(failure));
  } finally {
    await system.stop();
  }
}
