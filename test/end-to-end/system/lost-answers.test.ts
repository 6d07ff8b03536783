import { randomUUID } from 'node:crypto';

import { testSystem } from '../../environment/test-system';
import { openShop, orderOf, type TestShop, until } from '../orders/orders-test-shop';
import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';

/** Temporal drops the answer of an update when news arrives as its workflow ends; the API that would ask again may be dead. */
const system = testSystem();
const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });

/** As if the process had died before the answer came, its lease were over, and Temporal did not know the update. */
async function loseAnswer(key: string): Promise<void> {
  const [record] = await system.query<{ before: string; after: string }>(
    `WITH lost AS (SELECT id FROM platform.idempotency_keys WHERE key = $1)
     UPDATE platform.idempotency_keys k SET id = nextval(pg_get_serial_sequence('platform.idempotency_keys', 'id')),
            state = 'in_progress', response_status = NULL, response_body = NULL, locked_until = now()
       FROM lost WHERE k.id = lost.id RETURNING lost.id AS before, k.id AS after`,
    [key],
  );
  await system.query('UPDATE platform.entity_commands SET command_id = $2 WHERE command_id = $1', [
    `idem/${record?.before}`,
    `idem/${record?.after}`,
  ]);
}

describe('what was done with an order that is over', () => {
  let shop: TestShop;
  let productId: number;

  beforeAll(async () => {
    shop = await openShop();
    productId = await shop.addProduct();
  });

  test('is answered when its answer was lost: shipped, and delivered since', async () => {
    const order = await placeForCash();
    const [shipped, tooEarly] = [randomUUID(), randomUUID()];
    const ship = (key: string) => shop.staff.post(`${order}/ship`, { carrier: 'GHN' }, withKey(key));
    const first = await ship(shipped);
    await shop.staff.post(`${order}/deliver`, {});
    await loseAnswer(shipped);
    const again = await ship(shipped);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toMatchObject({ id: first.body.id, status: 'delivered', carrier: 'GHN' });
    expect(await ship(tooEarly)).toMatchObject({ status: 409, body: { code: 'order_state' } });
  });

  test('is answered when its answer was lost: another payment, and cancelled since', async () => {
    const buyer = await shop.addBuyer();
    const { body: placed } = await buyer.api.post('/orders', orderOf(productId));
    const [started, refused] = [randomUUID(), randomUUID()];
    const pay = (key: string) => buyer.api.post(`/orders/${placed.id}/pay`, {}, withKey(key));
    const first = await pay(started);
    await buyer.api.post(`/orders/${placed.id}/cancel`, {});
    expect(await pay(refused)).toMatchObject({ status: 409, body: { code: 'order_state' } });
    await loseAnswer(started);
    await loseAnswer(refused);

    expect(await pay(started)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', paymentId: first.body.paymentId, paymentUrl: null },
    });
    expect(await pay(refused)).toMatchObject({ status: 409, body: { code: 'order_state' } });
  });

  const placeForCash = async (): Promise<string> => {
    const buyer = await shop.addBuyer();
    const placed = await buyer.api.post('/orders', orderOf(productId, { paymentMethod: 'cod' }));

    return `/orders/${placed.body.id}`;
  };

  test('is answered from the order as it stands when its answer was lost, once', async () => {
    const order = await placeForCash();
    const key = randomUUID();
    const first = await shop.manager.post(`${order}/cancel`, {}, withKey(key));
    await loseAnswer(key);
    const again = await shop.manager.post(`${order}/cancel`, {}, withKey(key));

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toMatchObject({ id: first.body.id, status: 'cancelled' });
    expect(
      (await shop.eventsOf(order.slice(1).replace('orders', 'order'))).filter((type) => type === 'order.cancelled'),
    ).toHaveLength(1);
    expect(await shop.manager.post(`${order}/cancel`, {}, withKey(randomUUID()))).toMatchObject({
      status: 409,
      body: { code: 'order_state' },
    });
  });

  test('is answered so when it was delivered, and a lost request for another end is refused', async () => {
    const order = await placeForCash();
    const [cancelled, delivered] = [randomUUID(), randomUUID()];
    await shop.staff.post(`${order}/ship`, {});
    const refused = await shop.manager.post(`${order}/cancel`, {}, withKey(cancelled));
    const first = await shop.staff.post(`${order}/deliver`, {}, withKey(delivered));
    await loseAnswer(cancelled);
    await loseAnswer(delivered);

    expect([refused.status, first.status]).toEqual([409, 200]);
    expect(await shop.staff.post(`${order}/deliver`, {}, withKey(delivered))).toMatchObject({
      status: 200,
      body: { status: 'delivered' },
    });
    expect(await shop.manager.post(`${order}/cancel`, {}, withKey(cancelled))).toMatchObject({
      status: 409,
      body: { code: 'order_state' },
    });
  });
});

test('an order that was placed is answered when its answer was lost, also when its goods are sold out since', async () => {
  const shop = await openShop();
  const productId = await shop.addProduct({ stock: 1 });
  const [buyer, late] = [await shop.addBuyer(), await shop.addBuyer()];
  const key = randomUUID();
  const first = await buyer.api.post('/orders', orderOf(productId), withKey(key));
  await loseAnswer(key);
  const refused = await late.api.post('/orders', orderOf(productId));
  const again = await buyer.api.post('/orders', orderOf(productId), withKey(key));

  expect([first.status, refused.status]).toEqual([201, 409]);
  expect(again).toMatchObject({ status: 201, body: { id: first.body.id, status: 'pending' } });
});

test('a credit note is answered to whoever asked for it, whatever was credited since', async () => {
  const shop = await openSubscriptionShop();
  const { id } = await shop.subscribe({
    customerId: await shop.addCustomer(),
    planId: await shop.addPlan(),
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
  });
  // While the bank has not answered, nothing is credited.
  const [invoice] = await until(
    () => shop.invoicesOf(id),
    ([first]) => first?.status === 'paid',
  );
  const credit = (amount: number, key: string) =>
    shop.admin.post(`/invoices/${invoice.id}/credit-notes`, { amount }, withKey(key));
  const key = randomUUID();
  const first = await credit(10_000, key);
  await loseAnswer(key);
  const others = await Promise.all([20_000, 30_000, 40_000].map((amount) => credit(amount, randomUUID())));

  expect(others.map(({ status, body }) => [status, body.subtotal])).toEqual([
    [201, -20_000],
    [201, -30_000],
    [201, -40_000],
  ]);
  expect(await credit(10_000, key)).toMatchObject({ status: 201, body: first.body });
});

test('a command that ended its subscription is answered when its answer was lost, and is carried out once', async () => {
  const shop = await openSubscriptionShop();
  const { id } = await shop.subscribe({ customerId: await shop.addCustomer(), planId: await shop.addPlan() });
  const path = `/subscriptions/${id}/cancel`;
  const key = randomUUID();
  const first = await shop.admin.post(path, { cancelAtPeriodEnd: false }, withKey(key));
  await loseAnswer(key);
  const again = await shop.admin.post(path, { cancelAtPeriodEnd: false }, withKey(key));

  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.body).toEqual(first.body);
  expect((await shop.typesOf(id)).filter((type) => type === 'subscription.cancelled')).toHaveLength(1);
  expect(await shop.admin.post(path, { cancelAtPeriodEnd: false }, withKey(randomUUID()))).toMatchObject({
    status: 409,
    body: { code: 'subscription_state' },
  });
});
