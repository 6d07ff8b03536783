import { randomUUID } from 'node:crypto';

import { type Answer, type ApiClient, createApiClient } from '../environment/api-client';
import { openTestCompany, type TestCompany } from '../environment/test-company';
import { describeKey } from './describe-key';
import { repeatUntilAnswered } from './repeat-until-answered';
import type { RunningShop } from './running-shop';

/** Refusals that follow from what another request of the same customer has done before. */
const refusals = [
  'charge_in_flight',
  'no_change',
  'payment_state',
  'refund_exceeds_payment',
  'subscription_past_due',
  'subscription_state',
  'test_clock_busy',
  'test_clock_backwards',
];

/** What answers may be ended again before it does: each time a workflow waits ten seconds for the worker that died. */
const patienceMs = 180_000;
const firstDay = Date.parse('2025-10-22T09:00:00+07:00');
const dayMs = 86_400_000;

/** Customers who do everything at once, until they are told to stop. */
export interface TroubledCustomers {
  company: TestCompany;
  /** Answers that no customer should see, whatever dies meanwhile. */
  surprises: string[];
  /** How often each thing was done. */
  done: Record<string, number>;
  /** Ends what is under way; the clocks then stand. */
  stop(): Promise<void>;
}

interface Subscriber {
  clockId: number;
  customerId: number;
  subscriptionId: number;
}

/**
 * Orders with two refunds of one payment at once, and subscriptions on clocks of their own whose plan, seats and payments
 * change at once with the clock's advance. Each request is repeated until it has an answer.
 */
export async function startTroubledCustomers(
  shop: RunningShop,
  { shoppers, subscribers }: { shoppers: number; subscribers: number },
): Promise<TroubledCustomers> {
  const company = await openTestCompany(shop.database, { secret: shop.jwtSecret });
  const admin = createApiClient(shop.api, { token: company.admin.freshToken });
  const surprises: string[] = [];
  const done: Record<string, number> = {};
  let isStopping = false;

  const insist = async (api: ApiClient, path: string, body: unknown = {}): Promise<Answer> => {
    const key = randomUUID();
    const what = path.replace(/\d+/g, 'N');
    const send = () => api.post(path, body, { headers: { 'idempotency-key': key } });
    const answer = await repeatUntilAnswered({ what: `POST ${path}`, send, surprises, refusals, patienceMs }).catch(
      async (error: unknown) => {
        throw new Error(`${String(error)}\n${await describeKey(shop, { key, path, body })}`, { cause: error });
      },
    );
    done[what] = (done[what] ?? 0) + 1;

    return answer;
  };
  const product = await insist(admin, '/products', {
    sku: 'SKU-1',
    name: 'Nón lá',
    price: 50_000,
    currency: 'VND',
    stock: 100_000,
  });
  const plan = async (name: string, price: number): Promise<number> =>
    (await insist(admin, '/plans', { name, price, currency: 'VND', billingCycle: 'monthly' })).body.id;
  const plans = [await plan('Small', 199_000), await plan('Large', 499_000)];

  const refundTwice = (paymentId: number) =>
    Promise.all([11_000, 7_000].map((amount) => insist(admin, `/payments/${paymentId}/refund`, { amount })));

  async function shopFor(shopper: ApiClient, nth: number): Promise<void> {
    const items = [{ productId: product.body.id, quantity: 1 }];
    const { body } = await insist(shopper, '/orders', {
      items,
      shippingAddress: '12 Tràng Tiền, Hà Nội',
      paymentMethod: 'card',
      paymentToken: 'tok_ok',
    });

    if (nth % 2 === 0) {
      await refundTwice(body.paymentId);
    } else {
      await insist(shopper, `/orders/${body.id}/cancel`);
    }
  }

  async function subscribe(nth: number): Promise<Subscriber> {
    const clock = await insist(admin, '/test-clocks', { now: new Date(firstDay).toISOString() });
    const email = `troubled-${nth}@${company.slug}.test`;
    const customer = await insist(admin, '/customers', { name: `Troubled ${nth}`, email, testClockId: clock.body.id });
    const subscription = await insist(admin, '/subscriptions', {
      customerId: customer.body.id,
      planId: plans[0],
      paymentMethod: 'card',
      paymentToken: 'tok_ok',
    });

    return { clockId: clock.body.id, customerId: customer.body.id, subscriptionId: subscription.body.id };
  }

  async function changeAndAdvance(of: Subscriber, nth: number): Promise<void> {
    const path = `/subscriptions/${of.subscriptionId}`;
    const to = new Date(firstDay + (nth + 1) * 11 * dayMs).toISOString();
    const change = { newPlanId: plans[nth % 2], quantity: 1 + (nth % 3), immediate: nth % 4 !== 0 };
    await Promise.all([
      insist(admin, `${path}/change-plan`, change),
      insist(admin, `/test-clocks/${of.clockId}/advance`, { to }),
    ]);
    const payments = await repeatUntilAnswered({
      what: 'GET /payments',
      send: () => admin.get(`/payments?customerId=${of.customerId}&status=success&limit=1`),
      surprises,
      patienceMs,
    });
    const paymentId = payments.body.data?.[0]?.id;

    if (paymentId !== undefined && nth % 3 === 1) {
      await refundTwice(paymentId);
    }
  }

  const shopperLoop = async (): Promise<void> => {
    const shopper = createApiClient(shop.api, { token: (await company.addShopper()).freshToken });

    for (let nth = 0; !isStopping; nth += 1) {
      await shopFor(shopper, nth);
    }
  };
  const subscriberLoop = async (_: unknown, index: number): Promise<void> => {
    for (let life = 0; !isStopping; life += 1) {
      const of = await subscribe(index * 10_000 + life);

      for (let nth = 0; nth < 30 && !isStopping; nth += 1) {
        await changeAndAdvance(of, nth);
      }
    }
  };
  const all = Promise.all([
    ...Array.from({ length: shoppers }, shopperLoop),
    ...Array.from({ length: subscribers }, subscriberLoop),
  ]);
  // A customer who gives up is told of by `stop`, not by an unhandled rejection.
  all.catch(() => undefined);

  return {
    company,
    surprises,
    done,
    async stop() {
      isStopping = true;
      await all;
    },
  };
}
