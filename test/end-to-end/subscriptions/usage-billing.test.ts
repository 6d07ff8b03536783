import { randomUUID } from 'node:crypto';

import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop();
});

const meter = async (code: string): Promise<number> => {
  const made = await shop.admin.post('/meters', { code, name: 'API calls', aggregation: 'sum' });
  expect(made.status).toBe(201);

  return made.body.id as number;
};

it('a plan bills the usage of each period, late usage with the next one, over HTTP and on a clock', async () => {
  const { admin } = shop;
  const meterId = await meter('calls');
  const planId = await shop.addPlan({ price: 100_000 });
  const price = { model: 'package', packageSize: '1000', packageAmount: 5_000 };
  const priced = await admin.post(`/meters/${meterId}/prices`, { planId, price });
  expect(priced).toMatchObject({ status: 201, body: { planId, addonId: null, currency: 'VND' } });

  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  const send = async (value: number, timestamp: string) =>
    admin.post('/usage/events', { events: [{ id: randomUUID(), event: 'calls', customerId, timestamp, value }] });
  expect((await admin.get(`/subscriptions/${id}`)).body).toMatchObject({
    meters: [{ meterId, meterName: 'API calls', priceId: priced.body.id, price }],
    meteredSince: expect.any(String),
  });

  await shop.advance(clockId, daysAfter(firstDay, 2));
  expect((await send(2_001, daysAfter(firstDay, 1))).body).toMatchObject({ accepted: 1 });
  expect((await admin.get(`/subscriptions/${id}/usage`)).body).toMatchObject({
    dueAmount: 15_000,
    usage: [{ item: 'plan', meter: 'calls', quantity: '2001', amount: 15_000, billedBefore: 0, isLate: false }],
  });
  expect((await admin.get(`/subscriptions/${id}/upcoming-invoice`)).body).toMatchObject({
    invoices: [{ purpose: 'renewal', subtotal: 115_000, totalAmount: 126_500 }],
  });

  await shop.advance(clockId, daysAfter(firstDay, 32));
  expect((await send(1_000, daysAfter(firstDay, 5))).body).toMatchObject({ accepted: 1 });
  await shop.advance(clockId, daysAfter(firstDay, 63));
  const lines = (await shop.invoicesOf(id)).flatMap(({ lines: all }: { lines: { usage: object | null }[] }) => all);

  expect(lines.filter(({ usage }) => usage !== null)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        description: 'API calls: 2001',
        subtotal: 15_000,
        usage: expect.objectContaining({ quantity: '2001', model: 'package', isLate: false }),
      }),
      expect.objectContaining({
        description: 'API calls: 3001',
        subtotal: 5_000,
        usage: expect.objectContaining({ amount: 20_000, billedBefore: 15_000, isLate: true }),
      }),
    ]),
  );
});

it('invoices usage as soon as it comes to a threshold, by the machine’s time, and shows what is left', async () => {
  const { admin } = shop;
  const meterId = await meter('requests');
  const planId = await shop.addPlan({ price: 0 });
  const price = { model: 'per_unit', unitPrice: '3' };
  expect((await admin.post(`/meters/${meterId}/prices`, { planId, price })).status).toBe(201);
  const customerId = await shop.addCustomer();
  const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  const path = `/subscriptions/${id}/usage-threshold`;

  expect(problemOf(await admin.post(path, { usageThreshold: -1 }))).toBe('422 validation_failed /usageThreshold');
  expect(problemOf(await shop.company.visitor.post(path, { usageThreshold: 1 }))).toMatch(/^401/);
  expect(await admin.post(path, { usageThreshold: 900 })).toMatchObject({ status: 200, body: { usageThreshold: 900 } });
  expect(problemOf(await admin.post(path, { usageThreshold: 900 }))).toBe('422 no_change');
  const send = (value: number) =>
    admin.post('/usage/events', {
      events: [{ id: randomUUID(), event: 'requests', customerId, timestamp: new Date().toISOString(), value }],
    });
  await send(299);
  await send(1);
  const [invoice] = await until(
    () => shop.invoicesOf(id),
    ([found]) => found?.status === 'paid',
  );

  expect(invoice).toMatchObject({
    purpose: 'usage',
    subtotal: 900,
    lines: [{ description: 'API calls: 300', usage: { quantity: '300', isEarly: true, isLate: false } }],
  });
  await send(10);
  expect((await admin.get(`/subscriptions/${id}/usage`)).body).toMatchObject({
    threshold: 900,
    dueAmount: 30,
    usage: [{ amount: 930, billedBefore: 900, dueAmount: 30 }],
  });
  expect(await shop.typesOf(id)).toContain('subscription.usage_threshold.reached');
});

it('bills what is used beyond units that were bought ahead, late usage too, over HTTP and on a clock', async () => {
  const { admin } = shop;
  const meterId = await meter('prompts');
  const planId = await shop.addPlan({ price: 0 });
  expect(
    (await admin.post(`/meters/${meterId}/prices`, { planId, price: { model: 'per_unit', unitPrice: '10' } })).status,
  ).toBe(201);
  const topUp = { key: 'prompts_1000', name: '1,000 prompts', price: 8_000, billingPeriod: 'one_time' };
  const prepaid = { meter: 'prompts', units: 1_000 };
  expect(problemOf(await admin.post('/addons', { ...topUp, billingPeriod: 'monthly', prepaid }))).toBe(
    '422 validation_failed /prepaid',
  );
  expect(await admin.post('/addons', { ...topUp, prepaid })).toMatchObject({
    status: 201,
    body: { prepaid: { ...prepaid, expiresAfterDays: null } },
  });
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const { id } = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  const bought = await admin.post(`/subscriptions/${id}/addons`, { addonKeys: ['prompts_1000'] });
  expect(bought.status).toBe(200);
  await until(
    () => admin.get(`/subscriptions/${id}/addons`),
    ({ body }) => body.data[0]?.status === 'active',
  );
  const send = async (value: number, timestamp: string) =>
    admin.post('/usage/events', { events: [{ id: randomUUID(), event: 'prompts', customerId, timestamp, value }] });
  await shop.advance(clockId, daysAfter(firstDay, 2));
  expect((await send(1_300, daysAfter(firstDay, 1))).body).toMatchObject({ accepted: 1 });
  expect((await admin.get(`/subscriptions/${id}/usage`)).body).toMatchObject({
    dueAmount: 3_000,
    usage: [{ quantity: '1300', prepaidQuantity: '1000', amount: 3_000 }],
  });
  expect((await admin.get(`/usage/${customerId}/balances?meter=prompts`)).body).toMatchObject({
    balances: [{ meter: 'prompts', left: '0', topUps: [{ bought: '1000', used: '1000', left: '0', expiresAt: null }] }],
  });
  expect(problemOf(await admin.get(`/usage/${customerId}/balances?meter=none`))).toBe('422 meter_not_found meter');
  expect(problemOf(await shop.company.visitor.get(`/usage/${customerId}/balances`))).toMatch(/^401/);
  await shop.advance(clockId, daysAfter(firstDay, 32));
  await send(50, daysAfter(firstDay, 3));
  await shop.advance(clockId, daysAfter(firstDay, 63));
  const lines = (await shop.invoicesOf(id)).flatMap(({ lines: all }: { lines: { usage: object | null }[] }) => all);

  expect(lines.filter(({ usage }) => usage !== null)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ description: 'API calls: 1300, of which 1000 prepaid', subtotal: 3_000 }),
      expect.objectContaining({
        subtotal: 500,
        usage: expect.objectContaining({
          quantity: '1350',
          prepaidQuantity: '1000',
          billedBefore: 3_000,
          isLate: true,
        }),
      }),
    ]),
  );
});

it('refuses prices within what there is not, in another currency, for what is bought once, and a meter billed twice', async () => {
  const { admin } = shop;
  const meterId = await meter('bytes');
  const planId = await shop.addPlan({ price: 0 });
  const price = { model: 'per_unit', unitPrice: '2' };
  const path = `/meters/${meterId}/prices`;
  const once = { key: 'setup', name: 'Setup', price: 10_000, billingPeriod: 'one_time' };
  const addonId = (await admin.post('/addons', once)).body.id as number;

  expect(problemOf(await admin.post(path, { planId: 999_999_999, price }))).toBe('422 plan_not_found /planId');
  expect(problemOf(await admin.post(path, { addonId: 999_999_999, price }))).toBe('422 addon_not_found /addonId');
  expect(problemOf(await admin.post(path, { planId, currency: 'USD', price }))).toBe(
    '422 price_not_in_currency /currency',
  );
  expect(problemOf(await admin.post(path, { addonId, price }))).toBe('422 validation_failed /addonId');
  expect(problemOf(await admin.post(path, { planId, addonId, price }))).toBe('422 validation_failed /addonId');
  expect((await admin.post(path, { planId, price })).status).toBe(201);

  const customerId = await shop.addCustomer();
  const first = await shop.subscribe({ customerId, planId });
  expect(first).toMatchObject({ status: 'active', isFreeTier: false, currentPeriodEnd: expect.any(String) });
  const second = await admin.post('/subscriptions', { customerId, planId });
  expect(problemOf(second)).toBe('409 meter_billed_elsewhere /planId');
  const stranger = shop.company.visitor;
  expect(problemOf(await stranger.get(`/subscriptions/${first.id}/usage`))).toMatch(/^401/);
});
