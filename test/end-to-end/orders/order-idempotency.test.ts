import { randomUUID } from 'node:crypto';

import type { Answer, ApiClient } from '../../environment/api-client';
import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, problemOf, type TestShop, until } from './orders-test-shop';

const system = testSystem();
let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

/** Repeats while the first request with the key is under way, as a client that honours Retry-After. */
async function insist(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send();

    if (answer.body?.code !== 'idempotency_in_progress') {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const repeat = (times: number, send: () => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, () => insist(send)));
const idsOf = (answers: Answer[]): Set<number> => new Set(answers.map(({ body }) => body.id));
const listed = async (api: ApiClient, path: string): Promise<number> => (await api.get(path)).body.data.length;

describe('an order placed with an Idempotency-Key', () => {
  it('is one order, invoice, payment and reservation when it is sent fifty times at once', async () => {
    const buyer = await shop.addBuyer();
    const productId = await shop.addProduct();
    const key = randomUUID();
    const answers = await repeat(50, () => buyer.api.post('/orders', orderOf(productId), keyed(key)));

    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(idsOf(answers).size).toBe(1);
    expect(await listed(buyer.api, '/orders')).toBe(1);
    expect(await listed(buyer.api, '/payments')).toBe(1);
    expect(await listed(buyer.api, '/invoices')).toBe(1);
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({ reserved: 1, available: 99 });
    expect(
      (await shop.eventsOf(`order/${answers[0]?.body.id}`)).filter((type) => type === 'order.created'),
    ).toHaveLength(1);
  });

  it('is answered again as it was, also after it was paid', async () => {
    const buyer = await shop.addBuyer();
    const productId = await shop.addProduct();
    const key = randomUUID();
    const first = await buyer.api.post('/orders', orderOf(productId), keyed(key));
    await shop.company.visitor.post(`/payments/${first.body.paymentId}/test/success`);
    const again = await buyer.api.post('/orders', orderOf(productId), keyed(key));

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('refuses the key for another order, and lets other buyers use it', async () => {
    const [buyer, other] = [await shop.addBuyer(), await shop.addBuyer()];
    const productId = await shop.addProduct();
    const key = randomUUID();
    const first = await buyer.api.post('/orders', orderOf(productId), keyed(key));
    const changed = await buyer.api.post('/orders', orderOf(productId, {}, 2), keyed(key));
    const others = await other.api.post('/orders', orderOf(productId), keyed(key));

    expect(problemOf(changed)).toBe('422 idempotency_key_reused');
    expect(others).toMatchObject({ status: 201, body: { customerId: other.customerId } });
    expect(others.body.id).not.toBe(first.body.id);
    expect(await listed(buyer.api, '/orders')).toBe(1);
  });

  it('stays refused when it was refused, even if the goods have come in since', async () => {
    const buyer = await shop.addBuyer();
    const productId = await shop.addProduct({ stock: 0 });
    const key = randomUUID();
    const place = (options = {}) => buyer.api.post('/orders', orderOf(productId), options);

    expect(problemOf(await place(keyed(key)))).toBe('409 out_of_stock');
    await shop.staff.put(`/inventory/${productId}`, { quantity: 5 });
    expect(problemOf(await place(keyed(key)))).toBe('409 out_of_stock');
    expect(await listed(buyer.api, '/orders')).toBe(0);
  });
});

describe('what is done with an order', () => {
  it('happens once per Idempotency-Key: pay, cancel, refund', async () => {
    const buyer = await shop.addBuyer();
    const productId = await shop.addProduct();
    const { body: order } = await buyer.api.post('/orders', orderOf(productId));
    const payKey = randomUUID();
    const paid = await repeat(10, () => buyer.api.post(`/orders/${order.id}/pay`, {}, keyed(payKey)));

    expect(paid.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(paid.map(({ body }) => body.paymentId)).size).toBe(1);
    expect(await listed(buyer.api, `/payments?orderId=${order.id}`)).toBe(2);

    const paymentId = paid[0]?.body.paymentId;
    await shop.company.visitor.post(`/payments/${paymentId}/test/success`);
    const refundKey = randomUUID();
    const refunds = await repeat(10, () =>
      shop.manager.post(`/payments/${paymentId}/refund`, { amount: 10_000 }, keyed(refundKey)),
    );
    expect(refunds.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const refunded = await until(
      async () => (await shop.staff.get(`/payments/${paymentId}`)).body,
      ({ status }) => status === 'partially_refunded',
    );
    expect(refunded).toMatchObject({
      status: 'partially_refunded',
      refundedAmount: 10_000,
      refunds: [{ amount: 10_000, status: 'succeeded' }],
    });

    const cancelKey = randomUUID();
    const cancels = await repeat(10, () => buyer.api.post(`/orders/${order.id}/cancel`, {}, keyed(cancelKey)));
    expect(cancels.map(({ status, body }) => `${status} ${body.status}`)).toEqual(Array(10).fill('200 cancelled'));
    expect((await shop.eventsOf(`order/${order.id}`)).filter((type) => type === 'order.cancelled')).toHaveLength(1);
    expect((await shop.staff.get(`/inventory/${productId}`)).body).toMatchObject({ quantity: 100, reserved: 0 });
  });

  it('happens once without a key, too, when employees press the button at the same time', async () => {
    const buyer = await shop.addBuyer();
    const { body: order } = await buyer.api.post('/orders', orderOf(await shop.addProduct(), { paymentMethod: 'cod' }));
    const pressed = await Promise.all(
      Array.from({ length: 10 }, () => shop.staff.post(`/orders/${order.id}/ship`, { carrier: 'GHN' })),
    );

    expect(pressed.filter(({ status }) => status >= 500)).toEqual([]);
    expect(pressed.some(({ status }) => status === 200)).toBe(true);
    expect((await shop.eventsOf(`order/${order.id}`)).filter((type) => type === 'order.shipped')).toHaveLength(1);
    const [row] = await system.query<{ carrier: string }>('SELECT carrier FROM ordering.orders WHERE id = $1', [
      order.id,
    ]);
    expect(row?.carrier).toBe('GHN');
  });
});
