import { Timings } from '../closed-loop';
import type { BenchSystem } from '../start-system';
import { call, type Shop } from './shop';

/** One shopper buys one thing and pays; both answers are checked. @throws Error when one is not as it should be */
export async function placeAndPay(
  system: BenchSystem,
  shop: Shop,
  client: number,
  place = new Timings(),
  pay = new Timings(),
): Promise<{ id: number }> {
  const productId = shop.productIds[Math.floor(Math.random() * shop.productIds.length)];
  const token = shop.tokens[client] ?? '';
  const startedAt = performance.now();
  const order = await call<{ id: number; paymentId: number; totalAmount: number }>(system.api, 'POST', '/orders', {
    token,
    body: {
      items: [{ productId, quantity: 1, price: 50_000 }],
      shippingAddress: '12 Tràng Tiền, Hà Nội',
      paymentMethod: 'vnpay',
    },
  });
  const placedAt = performance.now();

  if (order.totalAmount !== 55_000) {
    throw new Error(`The total is ${order.totalAmount}.`);
  }

  const payment = await call<{ status: string }>(system.api, 'POST', `/payments/${order.paymentId}/test/success`, {
    body: {},
    token,
  });
  const paidAt = performance.now();

  if (payment.status !== 'success') {
    throw new Error(`The payment is ${payment.status}.`);
  }
  place.add(placedAt - startedAt);
  pay.add(paidAt - placedAt);

  return order;
}
