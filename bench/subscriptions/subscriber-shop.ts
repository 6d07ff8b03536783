import { call } from '../orders/shop';

/** A company that sells a monthly plan: the demo company, and what its admin does there over HTTP. */
export interface SubscriberShop {
  addClock(now: string): Promise<number>;
  /** @param testClockId the customer lives by it; null: by real time */
  addCustomer(testClockId: number | null): Promise<number>;
  /** A monthly subscription with a card that pays. @returns its id */
  subscribe(customerId: number): Promise<number>;
  /** Turns a clock and waits until it has arrived. @returns seconds it took */
  advance(testClockId: number, to: string): Promise<number>;
}

export async function openSubscriberShop(api: string): Promise<SubscriberShop> {
  const { accessToken: token } = await call<{ accessToken: string }>(api, 'POST', '/auth/login', {
    body: { email: 'admin@demo.test', password: 'demo-password-1' },
  });
  const post = <Answer>(path: string, body: unknown) => call<Answer>(api, 'POST', path, { body, token });
  const made = async (path: string, body: unknown) => (await post<{ id: number }>(path, body)).id;
  const planId = await made('/plans', { name: 'Bench plan', price: 299_000, currency: 'VND', billingCycle: 'monthly' });
  let customers = 0;

  return {
    addClock: (now) => made('/test-clocks', { now }),
    addCustomer(testClockId) {
      customers += 1;
      const clock = testClockId === null ? {} : { testClockId };

      return made('/customers', { name: `Subscriber ${customers}`, email: `sub-${customers}@example.test`, ...clock });
    },
    subscribe: (customerId) =>
      made('/subscriptions', { customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' }),
    async advance(testClockId, to) {
      const startedAt = performance.now();
      let clock = await post<{ status: string }>(`/test-clocks/${testClockId}/advance`, { to });

      while (clock.status !== 'ready') {
        await new Promise((resolve) => setTimeout(resolve, 100));
        clock = await call(api, 'GET', `/test-clocks/${testClockId}`, { token });
      }

      return (performance.now() - startedAt) / 1_000;
    },
  };
}
