import { randomUUID } from 'node:crypto';

import { until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

const finished = (id: number) =>
  until(
    async () => (await shop.admin.get(`/price-moves/${id}`)).body,
    ({ status }) => status === 'completed',
  );

it('subscribers are moved to a new price at their renewal: previewed, told ahead, watched, once', async () => {
  const { admin } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const clock = await shop.addClock();
  const paying = { planId, paymentMethod: 'card', paymentToken: 'tok_ok' };
  const onClock = await shop.subscribe({ ...paying, customerId: await shop.addCustomer(clock) });
  const leaving = await shop.subscribe({ ...paying, customerId: await shop.addCustomer() });
  const others = await Promise.all(
    [1, 2, 3].map(async () => shop.subscribe({ ...paying, customerId: await shop.addCustomer() })),
  );
  expect((await admin.post(`/subscriptions/${leaving.id}/cancel`, {})).status).toBe(200);
  expect((await admin.patch(`/plans/${planId}`, { price: 120_000 })).status).toBe(200);
  expect((await admin.get(`/plans/${planId}/prices`)).body.data).toMatchObject([
    { version: 2, price: 120_000, validTo: null },
    { version: 1, price: 100_000 },
  ]);

  const path = `/plans/${planId}/price-moves`;
  const body = { noticeDays: 40 };
  expect((await admin.post(`${path}?preview=true`, body)).body).toMatchObject({
    subscriptions: 5,
    revenueBefore: 500_000,
    revenueAfter: 600_000,
    prices: [{ version: 1, subscriptions: 5 }],
  });
  const key = { headers: { 'Idempotency-Key': randomUUID() } };
  const made = await admin.post(path, body, key);
  expect(made.status).toBe(201);
  expect((await admin.post(path, body, key)).body.id).toBe(made.body.id);

  expect(await finished(made.body.id)).toMatchObject({ total: 5, moved: 4, skipped: 1, failed: 0, pending: 0 });
  expect((await admin.get(`/price-moves/${made.body.id}/subscriptions?status=skipped`)).body.data).toMatchObject([
    { subscriptionId: leaving.id, reason: expect.stringContaining('subscription_state') },
  ]);
  expect((await shop.read(onClock.id)).waitingChanges).toMatchObject([
    { kind: 'price', amount: 120_000, notBefore: expect.stringContaining('2025-12-05'), effectiveAt: null },
  ]);
  const told = (await shop.typesOf(others[0].id)).filter((type) => type === 'price.change.announced');
  expect(told).toHaveLength(1);

  await shop.advance(clock, daysAfter(firstDay, 63));
  expect((await shop.invoicesOf(onClock.id)).map(({ totalAmount }) => totalAmount)).toEqual([
    110_000, 110_000, 132_000,
  ]);
  expect((await admin.post(`/price-moves/${made.body.id}/pause`, {})).body.code).toBe('price_move_state');
});

it('a move at once bills each as it says', async () => {
  const { admin } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const customerId = await shop.addCustomer();
  const lan = await shop.subscribe({ planId, customerId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  // While the bank has not answered, a change at once is refused, and the move skips the subscription.
  await until(
    () => shop.invoicesOf(lan.id),
    ([invoice]) => invoice?.status === 'paid',
  );
  await admin.patch(`/plans/${planId}`, { price: 120_000 });
  const path = `/plans/${planId}/price-moves`;
  const body = { immediate: true, prorationBehavior: 'none' };
  expect((await admin.post(path, { ...body, immediate: false })).body).toMatchObject({
    code: 'validation_failed',
    field: '/prorationBehavior',
  });
  const made = await admin.post(path, body);
  expect(made).toMatchObject({ status: 201, body });
  expect(await finished(made.body.id)).toMatchObject({ moved: 1 });

  expect(await shop.read(lan.id)).toMatchObject({ amount: 120_000, waitingChanges: [] });
  expect(await shop.invoicesOf(lan.id)).toMatchObject([{ totalAmount: 110_000 }]);
});

it('one customer is let off by taking its change back', async () => {
  const { admin } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const lan = await shop.subscribe({
    planId,
    customerId: await shop.addCustomer(),
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
  });
  await admin.patch(`/plans/${planId}`, { price: 90_000 });
  expect((await admin.post(`/subscriptions/${lan.id}/change-price`, { noticeDays: 5 })).status).toBe(200);
  const [{ id }] = (await shop.read(lan.id)).waitingChanges;

  const back = await admin.post(`/subscriptions/${lan.id}/cancel-change`, { changeId: id });
  expect(back.body.waitingChanges).toEqual([]);
  expect((await admin.post(`/subscriptions/${lan.id}/change-price`, { noticeDays: -1 })).body.errors[0].field).toBe(
    '/noticeDays',
  );
});

it('those who have an add-on are moved as subscribers of a plan are, by its own address', async () => {
  const { admin } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const key = `extra_${randomUUID().slice(0, 8)}`;
  const addon = { key, name: 'Extra', price: 50_000, billingPeriod: 'monthly' };
  const { id: addonId } = (await admin.post('/addons', addon)).body;
  const paying = { planId, paymentMethod: 'card', paymentToken: 'tok_ok', addonKeys: [key] };
  const lan = await shop.subscribe({ ...paying, customerId: await shop.addCustomer() });
  expect((await admin.patch(`/addons/${addonId}`, { price: 60_000 })).status).toBe(200);

  const path = `/addons/${addonId}/price-moves`;
  expect((await admin.post(`${path}?preview=true`, {})).body).toMatchObject({
    planId: null,
    addonId,
    subscriptions: 1,
    revenueBefore: 50_000,
    revenueAfter: 60_000,
  });
  const made = await admin.post(path, { noticeDays: 40 });
  expect(made).toMatchObject({ status: 201, body: { planId: null, addonId, total: 1 } });
  expect(await finished(made.body.id)).toMatchObject({ moved: 1, skipped: 0 });
  expect((await shop.read(lan.id)).waitingChanges).toMatchObject([
    { kind: 'price', planId: null, addonId, addonName: 'Extra', amount: 60_000, effectiveAt: null },
  ]);
  expect((await admin.get(path)).body.data).toMatchObject([{ id: made.body.id }]);

  // One is let off by asking for the price that it has.
  const kept = { addonId, priceId: (await admin.get(`/addons/${addonId}/prices`)).body.data[1].id };
  expect((await admin.post(`/subscriptions/${lan.id}/change-price`, kept)).body.waitingChanges).toEqual([]);
});

it('a move that is cancelled takes back what was announced; a customer cannot, of its own', async () => {
  const { admin, company } = shop;
  const planId = await shop.addPlan({ price: 100_000 });
  const session = await company.visitor.post('/auth/signup', {
    email: `${randomUUID()}@shop.test`,
    password: 'correct-password',
  });
  const own = { token: session.body.accessToken as string };
  const { customerId } = session.body.user;
  const lan = await shop.subscribe({ planId, customerId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  await admin.patch(`/plans/${planId}`, { price: 120_000 });
  const { body: move } = await admin.post(`/plans/${planId}/price-moves`, { noticeDays: 40 });
  expect(await finished(move.id)).toMatchObject({ moved: 1 });
  const [{ id: changeId }] = (await shop.read(lan.id)).waitingChanges;

  const mine = `/subscriptions/${lan.id}`;
  expect(await company.visitor.post(`${mine}/cancel-change`, { changeId }, own)).toMatchObject({
    status: 403,
    body: { code: 'forbidden', field: '/changeId' },
  });
  expect(await company.visitor.post(`${mine}/change-price`, {}, own)).toMatchObject({ status: 403 });
  expect((await shop.read(lan.id)).waitingChanges).toMatchObject([{ id: changeId, kind: 'price' }]);

  expect((await admin.post(`/price-moves/${move.id}/cancel`, {})).status).toBe(200);
  const over = await until(
    async () => (await admin.get(`/price-moves/${move.id}`)).body,
    ({ status }) => status === 'cancelled',
  );
  expect(over).toMatchObject({ moved: 0, takenBack: 1, pending: 0, endedAt: expect.any(String) });
  expect((await shop.read(lan.id)).waitingChanges).toEqual([]);
});
