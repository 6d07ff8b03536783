import { randomUUID } from 'node:crypto';

import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

const prices = [{ currency: 'USD', price: 499 }];
const addPlan = async (fields: object = {}) => {
  const plan = { name: `Gói ${randomUUID()}`, price: 99_000, billingCycle: 'monthly', prices, ...fields };
  const made = await shop.admin.post('/plans', plan);
  expect(made.status).toBe(201);

  return made.body;
};
const addAmerican = async (testClockId?: number) => {
  const customer = { name: 'Ann', email: `${randomUUID()}@shop.test`, billingAccount: { currency: 'USD' } };

  return (await shop.admin.post('/customers', { ...customer, ...(testClockId === undefined ? {} : { testClockId }) }))
    .body.id as number;
};
const byCard = { paymentMethod: 'card', paymentToken: 'tok_ok' };
const billsOf = async (id: number) =>
  (await shop.invoicesOf(id)).map(({ totalAmount, currency, status }) => `${totalAmount} ${currency} ${status}`);

it('plans and add-ons show their prices, are listed by currency and changed, each with its versions', async () => {
  const { admin } = shop;
  const plan = await addPlan({ prices: [{ currency: 'CHF', price: 450, phases: [{ price: 100, periods: 2 }] }] });
  const held = [{ currency: 'CHF', price: 450, taxBehavior: null, phases: [{ price: 100, periods: 2 }] }];
  expect(plan).toMatchObject({ currency: 'VND', price: 99_000, prices: held });
  const sold = { key: 'chf', name: 'Kho', price: 50_000, billingPeriod: 'monthly' };
  const addon = await admin.post('/addons', { ...sold, prices: [{ currency: 'CHF', price: 200 }] });
  expect(addon).toMatchObject({ status: 201, body: { prices: [{ currency: 'CHF', price: 200, taxBehavior: null }] } });

  expect((await admin.get('/plans?currency=CHF')).body.data).toMatchObject([{ id: plan.id, prices: held }]);
  expect((await admin.get('/addons?currency=CHF')).body.data).toMatchObject([{ id: addon.body.id }]);
  expect((await admin.get('/plans?currency=JPY')).body.data).toEqual([]);

  const changed = await admin.patch(`/plans/${plan.id}`, { prices: [{ currency: 'CHF', price: 460 }] });
  expect(changed.body.prices).toEqual([{ currency: 'CHF', price: 460, taxBehavior: null, phases: [] }]);
  expect((await admin.get(`/plans/${plan.id}/prices`)).body.data).toMatchObject([
    { version: 3, currency: 'CHF', price: 460, validTo: null },
    { version: 2, currency: 'CHF', price: 450, validTo: expect.any(String) },
    { version: 1, currency: 'VND', price: 99_000, validTo: null },
  ]);
  await admin.patch(`/addons/${addon.body.id}`, { prices: [] });
  expect((await admin.get(`/addons/${addon.body.id}/prices`)).body.data).toMatchObject([
    { version: 2, currency: 'CHF', validTo: expect.any(String) },
    { version: 1, currency: 'VND', validTo: null },
  ]);

  const patch = async (path: string, body: object) => problemOf(await admin.patch(path, body));
  const own = { prices: [{ currency: 'VND', price: 1 }] };
  expect(await patch(`/plans/${plan.id}`, own)).toBe('422 validation_failed /prices/0/currency');
  expect(await patch(`/addons/${addon.body.id}`, own)).toBe('422 validation_failed /prices/0/currency');
  expect(await patch(`/plans/${plan.id}`, { prices: [{ currency: 'usd', price: 1 }] })).toBe(
    '422 validation_failed /prices/0/currency',
  );
  expect(
    await patch(`/plans/${plan.id}`, { prices: [{ currency: 'USD', price: 0, phases: [{ price: 1, periods: 1 }] }] }),
  ).toBe('422 validation_failed /prices/0/phases');
});

it('a subscription is made, changed, extended and renewed in the currency of the billing account', async () => {
  const { admin } = shop;
  const [basic, pro] = [await addPlan(), await addPlan({ price: 1, prices: [{ currency: 'USD', price: 999 }] })];
  const vndOnly = await shop.addPlan();
  const sold = { key: 'storage', name: 'Kho', price: 50_000, billingPeriod: 'monthly' };
  await admin.post('/addons', { ...sold, prices: [{ currency: 'USD', price: 200 }] });
  await admin.post('/addons', { ...sold, key: 'vnd_only' });
  const clock = await shop.addClock();
  const ann = { customerId: await addAmerican(clock), ...byCard };

  expect(problemOf(await admin.post('/subscriptions', { ...ann, planId: vndOnly }))).toBe(
    '422 price_not_in_currency /planId',
  );
  expect(problemOf(await admin.post('/subscriptions', { ...ann, planId: basic.id, currency: 'VND' }))).toBe(
    '422 currency_mismatch /currency',
  );
  expect(
    problemOf(await admin.post('/subscriptions', { ...ann, planId: basic.id, addonKeys: ['storage', 'vnd_only'] })),
  ).toBe('422 price_not_in_currency /addonKeys/1');
  const { id, ...made } = await shop.subscribe({ ...ann, planId: basic.id, currency: 'USD' });
  expect(made).toMatchObject({ currency: 'USD', amount: 499, status: 'active' });

  const path = `/subscriptions/${id}`;
  expect(problemOf(await admin.post(`${path}/change-plan?preview=true`, { newPlanId: vndOnly }))).toBe(
    '422 price_not_in_currency /newPlanId',
  );
  expect(problemOf(await admin.post(`${path}/addons`, { addonKeys: ['vnd_only'] }))).toBe(
    '422 price_not_in_currency /addonKeys/0',
  );
  const preview = await admin.post(`${path}/change-plan?preview=true`, { newPlanId: pro.id });
  expect(preview.body).toMatchObject({ currency: 'USD', dueAmount: 550 });
  expect((await admin.post(`${path}/change-plan`, { newPlanId: pro.id })).body).toMatchObject({ amount: 999 });
  expect((await admin.post(`${path}/addons`, { addonKeys: ['storage'] })).status).toBe(200);
  const forecast = await admin.get(`${path}/forecast?until=${encodeURIComponent(daysAfter(firstDay, 31))}`);
  expect(forecast.body).toMatchObject({ currency: 'USD', totalAmount: 1_319 });
  await shop.advance(clock, daysAfter(firstDay, 32));

  expect((await billsOf(id)).at(-1)).toBe('1319 USD paid');
  expect((await billsOf(id)).every((bill) => bill.includes(' USD '))).toBe(true);
});

it('subscribers in one currency are moved to its new price, and those in another are not', async () => {
  const { admin } = shop;
  const { id: planId } = await addPlan();
  const ann = await shop.subscribe({ planId, customerId: await addAmerican(), ...byCard });
  const lan = await shop.subscribe({ planId, customerId: await shop.addCustomer(), ...byCard });
  await admin.patch(`/plans/${planId}`, { price: 120_000, prices: [{ currency: 'USD', price: 599 }] });
  const { data } = (await admin.get(`/plans/${planId}/prices`)).body as { data: { id: number; currency: string }[] };
  const [dollars, dong] = ['USD', 'VND'].map((currency) => data.find((one) => one.currency === currency)?.id);
  const path = `/plans/${planId}/price-moves`;

  expect(problemOf(await admin.post(path, { priceId: dollars, fromPriceIds: [dong] }))).toBe(
    '422 currency_mismatch /fromPriceIds/0',
  );
  expect(problemOf(await admin.post(`/subscriptions/${ann.id}/change-price`, { priceId: dong }))).toBe(
    '422 currency_mismatch /priceId',
  );
  const { body: move } = await admin.post(path, { priceId: dollars });
  const done = await until(
    async () => (await admin.get(`/price-moves/${move.id}`)).body,
    ({ status }) => status === 'completed',
  );

  expect(done).toMatchObject({ total: 1, moved: 1 });
  expect((await shop.read(ann.id)).waitingChanges).toMatchObject([{ kind: 'price', amount: 599 }]);
  expect((await shop.read(lan.id)).waitingChanges).toEqual([]);
});

it('usage is priced in every currency of its plan, or the plan is not sold in it', async () => {
  const { admin } = shop;
  const { id: planId } = await addPlan();
  const code = `calls_${randomUUID().slice(0, 8)}`;
  const { body: meter } = await admin.post('/meters', { code, name: 'Calls', aggregation: 'count' });
  const price = { model: 'per_unit', unitPrice: '20' };
  const path = `/meters/${meter.id}/prices`;
  expect((await admin.post(path, { planId, price })).status).toBe(201);
  const ann = { planId, customerId: await addAmerican(), ...byCard };

  expect(problemOf(await admin.post('/subscriptions', ann))).toBe('422 price_not_in_currency /planId');
  expect(problemOf(await admin.post(path, { planId, currency: 'EUR', price }))).toBe(
    '422 price_not_in_currency /currency',
  );
  expect((await admin.post(path, { planId, currency: 'USD', price })).body).toMatchObject({ currency: 'USD' });
  expect(await shop.subscribe(ann)).toMatchObject({ currency: 'USD', meters: [{ meterId: meter.id }] });
});

it('what subscribing would cost is foreseen in the currency asked for, a customer’s own for them', async () => {
  const { id: planId } = await addPlan();
  const soon = { planId, until: daysAfter(new Date().toISOString(), 20) };
  const { visitor } = shop.company;
  const signedUp = { email: `${randomUUID()}@shop.test`, password: 'correct-password' };
  const { body: session } = await visitor.post('/auth/signup', signedUp);
  const forecast = (body: object, own?: { token: string }) =>
    (own === undefined ? shop.admin : visitor).post('/subscriptions/forecast', { ...soon, ...body }, own);
  const lan = { token: session.accessToken as string };

  expect((await forecast({})).body).toMatchObject({ currency: 'VND', totalAmount: 108_900 });
  expect((await forecast({ currency: 'USD' })).body).toMatchObject({ currency: 'USD', totalAmount: 549 });
  expect(problemOf(await forecast({ currency: 'EUR' }))).toBe('422 price_not_in_currency /planId');
  expect((await forecast({}, lan)).body).toMatchObject({ currency: 'VND', totalAmount: 108_900 });
  expect(problemOf(await forecast({ currency: 'USD' }, lan))).toBe('422 currency_mismatch /currency');
});
