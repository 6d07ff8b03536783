import { randomUUID } from 'node:crypto';

import { type Answer, type ApiClient, createApiClient } from '../environment/api-client';
import type { TestCompany } from '../environment/test-company';
import { repeatUntilAnswered } from './repeat-until-answered';
import type { RunningShop } from './running-shop';

/** What a customer does with an order, and where that ends. */
export const stories = {
  paid_at_test_endpoint: { status: 'confirmed', paymentStatus: 'paid', payments: 1 },
  paid_at_vnpay: { status: 'confirmed', paymentStatus: 'paid', payments: 1 },
  paid_by_card: { status: 'confirmed', paymentStatus: 'paid', payments: 1 },
  paid_after_a_decline: { status: 'confirmed', paymentStatus: 'paid', payments: 2 },
  charged_without_an_answer: { status: 'confirmed', paymentStatus: 'paid', payments: 1 },
  cancelled: { status: 'cancelled', paymentStatus: 'cancelled', payments: 1 },
  paid_and_cancelled: { status: 'cancelled', paymentStatus: 'refunded', payments: 1 },
  delivered_for_cash: { status: 'delivered', paymentStatus: 'paid', payments: 1 },
} as const;

export type Story = keyof typeof stories;

/** One order in twenty of each rare kind; VNPay and cards make up the most. */
const mix: readonly Story[] = [
  ...Array<Story>(7).fill('paid_at_test_endpoint'),
  ...Array<Story>(3).fill('paid_at_vnpay'),
  ...Array<Story>(4).fill('paid_by_card'),
  'paid_after_a_decline',
  'charged_without_an_answer',
  'cancelled',
  'cancelled',
  'paid_and_cancelled',
  'delivered_for_cash',
];

export interface Bought {
  story: Story;
  orderId: number;
  /** The request that placed it, to be repeated. */
  placing: { token: string; key: string; body: unknown };
}

export interface Load {
  bought: Bought[];
  /** Answers that no customer should see, whatever dies meanwhile. */
  surprises: string[];
  /** Settles when that many orders were acknowledged. */
  acknowledged(count: number): Promise<void>;
  done: Promise<void>;
}

export interface Buying {
  shop: RunningShop;
  company: TestCompany;
  productIds: readonly number[];
  orders: number;
  clients: number;
}

/**
 * Buys side by side, as customers with good clients do: each request has a key and is repeated, as Retry-After says,
 * until it has an answer.
 */
export async function startBuying({ shop, company, productIds, orders, clients }: Buying): Promise<Load> {
  const api = createApiClient(shop.api);
  const staff = api.with({ token: company.staff.token });
  const bought: Bought[] = [];
  const surprises: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let next = 0;
  const insist = (what: string, send: (key: string) => Promise<Answer>, key = randomUUID()) =>
    repeatUntilAnswered({ what, send: () => send(key), surprises });

  const live = async (shopper: ApiClient, token: string, nth: number): Promise<void> => {
    const story = mix[nth % mix.length] as Story;
    const key = randomUUID();
    const body = orderOf(story, productIds, nth);
    const placed = await insist('place', (it) => shopper.post('/orders', body, withKey(it)), key);
    const order = placed.body;
    bought.push({ story, orderId: order.id, placing: { token, key, body } });
    waiting.filter(({ count }) => bought.length >= count).forEach(({ resolve }) => resolve());

    const pay = () =>
      insist('pay', () => api.post(`/payments/${order.paymentId}/test/success`, {}, forCompany(company)));
    const cancel = () => insist('cancel', (it) => shopper.post(`/orders/${order.id}/cancel`, {}, withKey(it)));

    switch (story) {
      case 'paid_at_test_endpoint':
        return void (await pay());
      case 'paid_at_vnpay':
        return payAtSandbox(shop, order.paymentUrl);
      case 'paid_after_a_decline':
        return void (await insist('pay again', (it) =>
          shopper.post(`/orders/${order.id}/pay`, { paymentToken: 'tok_ok' }, withKey(it)),
        ));
      case 'cancelled':
        return void (await cancel());
      case 'paid_and_cancelled':
        await pay();

        return void (await cancel());
      case 'delivered_for_cash':
        await insist('ship', (it) => staff.post(`/orders/${order.id}/ship`, { carrier: 'GHN' }, withKey(it)));

        return void (await insist('deliver', (it) => staff.post(`/orders/${order.id}/deliver`, {}, withKey(it))));
      default:
        return;
    }
  };

  const client = async (): Promise<void> => {
    const { token } = await company.addShopper();
    const shopper = api.with({ token });

    for (let nth = next; nth < orders; nth = next) {
      next += 1;
      await live(shopper, token, nth);
    }
  };

  return {
    bought,
    surprises,
    acknowledged: (count) =>
      bought.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    done: Promise.all(Array.from({ length: clients }, client)).then(() => undefined),
  };
}

/** The same request once more: it must get the same order. */
export function placeAgain(shop: RunningShop, { placing }: Bought): Promise<Answer> {
  return createApiClient(shop.api, { token: placing.token }).post('/orders', placing.body, withKey(placing.key));
}

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
const forCompany = ({ slug }: TestCompany) => ({ headers: { 'x-company': slug } });

function orderOf(story: Story, productIds: readonly number[], nth: number) {
  const items = [{ productId: productIds[nth % productIds.length], quantity: 1 + (nth % 2) }];
  const payment = {
    paid_by_card: { paymentMethod: 'card', paymentToken: 'tok_ok' },
    paid_after_a_decline: { paymentMethod: 'card', paymentToken: 'tok_declined' },
    charged_without_an_answer: { paymentMethod: 'card', paymentToken: 'tok_timeout' },
    delivered_for_cash: { paymentMethod: 'cod' },
  }[story as string] ?? { paymentMethod: 'vnpay' };

  return { items, shippingAddress: '12 Tràng Tiền, Hà Nội', ...payment };
}

/** The provider's own server tells ours, and goes on until it is answered. */
async function payAtSandbox({ sandbox }: RunningShop, paymentUrl: string): Promise<void> {
  const response = await fetch(`${sandbox}/sandbox/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ paymentUrl, behaviour: 'pay' }),
  });

  if (!response.ok) {
    throw new Error(`The sandbox answers ${response.status}: ${await response.text()}`);
  }
}
