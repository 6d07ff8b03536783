import { randomUUID } from 'node:crypto';

import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let freePlan: number;
let paidPlan: number;
let storage: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  const { admin } = shop;

  for (const code of ['extra_storage', 'ai_assistant', 'reports']) {
    expect((await admin.post('/features', { code, name: code })).status).toBe(201);
  }
  freePlan = await shop.addPlan({ price: 0 });
  paidPlan = (
    await admin.post('/plans', { name: 'Pro', price: 200_000, billingCycle: 'monthly', features: ['reports'] })
  ).body.id;
  const sold = { billingPeriod: 'monthly' };
  storage = (
    await admin.post('/addons', {
      ...sold,
      key: 'storage',
      name: 'Extra Storage',
      price: 50_000,
      features: ['extra_storage'],
    })
  ).body.id;
  const ai = { ...sold, key: 'ai', name: 'AI Assistant', price: 100_000, features: ['ai_assistant'] };
  expect((await admin.post('/addons', ai)).status).toBe(201);
});

const signUp = async (fields: Record<string, unknown> = {}) => {
  const customerId = (fields['customerId'] as number | undefined) ?? (await shop.addCustomer());
  const { id } = await shop.subscribe({
    planId: freePlan,
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
    ...fields,
    customerId,
  });

  return { customerId, id: id as number };
};
const check = async (customerId: number, feature: string) =>
  (await shop.admin.get(`/entitlements/${customerId}/${feature}`)).body.isEntitled;

it('a free customer buys two add-ons for 165,000, and the checks of their features turn true (S394)', async () => {
  const { customerId, id } = await signUp();
  const { admin } = shop;
  expect(await shop.invoicesOf(id)).toEqual([]);
  expect(await check(customerId, 'ai_assistant')).toBe(false);

  const body = { addonKeys: ['storage', 'ai'] };
  const preview = await admin.post(`/subscriptions/${id}/addons?preview=true`, body);
  expect(preview.body).toMatchObject({ dueAmount: 165_000, invoices: [{ purpose: 'addon', totalAmount: 165_000 }] });

  const key = { headers: { 'Idempotency-Key': randomUUID() } };
  const bought = await admin.post(`/subscriptions/${id}/addons`, body, key);
  expect(bought.status).toBe(200);
  const repeated = await admin.post(`/subscriptions/${id}/addons`, body, key);
  expect(repeated.body.addons.map((one: any) => one.id)).toEqual(bought.body.addons.map((one: any) => one.id));

  expect(await until(() => check(customerId, 'ai_assistant'), Boolean)).toBe(true);
  expect(await shop.invoicesOf(id)).toMatchObject([
    { status: 'paid', totalAmount: 165_000, metadata: { billingMode: 'addon_only', addonCharges: [50_000, 100_000] } },
  ]);
  expect((await shop.read(id)).addons).toMatchObject([
    { key: 'storage', status: 'active', price: 50_000, quantity: 1 },
    { key: 'ai', status: 'active', price: 100_000 },
  ]);
  const all = await admin.get(`/entitlements/${customerId}`);
  expect(all.body.features.map(({ code }: any) => code)).toEqual(['ai_assistant', 'extra_storage']);
});

it('what is entitled answers with a tag, and 304 while nothing has changed', async () => {
  const { customerId } = await signUp({ planId: paidPlan, customerId: await shop.addCustomer(await shop.addClock()) });
  const path = `/entitlements/${customerId}/reports`;
  const first = await shop.admin.get(path);
  expect(first.body).toMatchObject({
    isEntitled: true,
    validUntil: null,
    grants: [{ source: 'plan', planId: paidPlan }],
  });
  const tag = first.headers.get('etag') as string;

  // A proxy that compresses makes tags weak.
  for (const asked of [tag, `W/${tag}`, `"of another time", ${tag}`, '*']) {
    const again = await shop.admin.get(path, { headers: { 'If-None-Match': asked } });
    expect([again.status, again.body]).toEqual([304, '']);
  }
  expect((await shop.admin.get(path, { headers: { 'If-None-Match': '"another"' } })).status).toBe(200);
});

it('ends to the second: an add-on that is to be removed, on a clock', async () => {
  const clockId = await shop.addClock();
  const { customerId, id } = await signUp({ customerId: await shop.addCustomer(clockId) });
  await shop.admin.post(`/subscriptions/${id}/addons`, { addonIds: [storage] });
  const removed = await shop.admin.delete(`/subscriptions/${id}/addons/${storage}`);
  expect(removed.body).toMatchObject({
    addons: [{ status: 'active', expiresAt: '2025-11-26T00:00:00+07:00', nextBillingDate: null }],
    waitingChanges: [{ kind: 'remove', effectiveAt: '2025-11-26T00:00:00+07:00' }],
  });
  await shop.advance(clockId, '2025-11-25T23:59:59+07:00');
  expect(await check(customerId, 'extra_storage')).toBe(true);
  await shop.advance(clockId, '2025-11-26T00:00:00+07:00');
  expect(await check(customerId, 'extra_storage')).toBe(false);

  const list = await shop.admin.get(`/subscriptions/${id}/addons`);
  expect(list.body.data).toMatchObject([{ status: 'removed', endedAt: '2025-11-26T00:00:00+07:00' }]);
  expect(await shop.typesOf(id)).toEqual(
    expect.arrayContaining(['addon.purchased', 'addon.activated', 'addon.removed']),
  );
});

it('quantities are prorated on a plan that is paid, and both renew on one invoice', async () => {
  const clockId = await shop.addClock();
  const { id } = await signUp({ planId: paidPlan, customerId: await shop.addCustomer(clockId) });
  await shop.admin.post(`/subscriptions/${id}/addons`, { addonKeys: ['storage'] });
  await shop.advance(clockId, daysAfter(firstDay, 10));
  const more = await shop.admin.patch(`/subscriptions/${id}/addons/${storage}`, { quantity: 2 });
  expect(more.body.addons).toMatchObject([{ quantity: 2 }]);
  await shop.advance(clockId, daysAfter(firstDay, 32));
  const invoices = await shop.invoicesOf(id);

  // 200,000, 50,000, 21 of 31 days of 100,000, then 300,000 together.
  expect(invoices.map(({ subtotal, status }) => `${subtotal} ${status}`)).toEqual([
    '200000 paid',
    '50000 paid',
    '67742 paid',
    '300000 paid',
  ]);
});

it('who pays at an address has the features once it is paid', async () => {
  const { customerId, id } = await signUp({ paymentMethod: 'vnpay', paymentToken: null });
  const bought = await shop.admin.post(`/subscriptions/${id}/addons`, { addonKeys: ['storage'] });
  expect(bought.body.addons).toMatchObject([{ status: 'pending' }]);
  expect(bought.body.paymentUrl).toMatch(/^http/);
  expect(await check(customerId, 'extra_storage')).toBe(false);
  const paid = await shop.admin.post(`/invoices/${bought.body.latestInvoiceId}/pay`, {
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
  });
  expect(paid.status).toBeLessThan(300);
  expect(await until(() => check(customerId, 'extra_storage'), Boolean)).toBe(true);
});

it('a plan is subscribed to together with add-ons: foreseen, billed once, unlocked, and from a terminal as well', async () => {
  const body = { planId: paidPlan, addonKeys: ['storage', 'ai'], addonQuantity: 2 };
  const end = '2031-01-01T00:00:00+07:00';
  const startsAt = '2030-12-15T00:00:00+07:00';
  const foreseen = await shop.admin.post('/subscriptions/forecast', { ...body, startsAt, until: end });
  expect(foreseen.body.invoices.map((one: any) => `${one.planName} ${one.subtotal}`)).toEqual([
    'Pro 200000',
    'Extra Storage 100000',
    'AI Assistant 200000',
  ]);
  const refused = await shop.admin.post('/subscriptions', {
    ...body,
    customerId: await shop.addCustomer(),
    addonKeys: ['nothing'],
  });
  expect(problemOf(refused)).toBe('422 addon_not_found /addonKeys/0');

  const { customerId, id } = await signUp(body);
  expect(await until(() => check(customerId, 'ai_assistant'), Boolean)).toBe(true);
  expect(await shop.invoicesOf(id)).toMatchObject([{ purpose: 'first', status: 'paid', totalAmount: 550_000 }]);
  expect((await shop.read(id)).addons).toMatchObject([
    { key: 'storage', status: 'active', quantity: 2 },
    { key: 'ai', status: 'active', quantity: 2 },
  ]);
});

it.each([
  ['an add-on that does not exist', { addonKeys: ['none'] }, '422 addon_not_found /addonKeys/0'],
  ['nothing', {}, '422 validation_failed /addonIds'],
  ['a quantity of 0', { addonKeys: ['ai'], quantity: 0 }, '422 validation_failed /quantity'],
])('refuses %s', async (_what, body, problem) => {
  const { id } = await signUp();

  expect(problemOf(await shop.admin.post(`/subscriptions/${id}/addons`, body))).toBe(problem);
});

it('a feature that does not exist is not found, and another customer’s are not to be seen', async () => {
  const { customerId } = await signUp();

  const unknown = await shop.admin.get(`/entitlements/${customerId}/teleporting`);
  expect(problemOf(unknown)).toBe('404 feature_not_found code');
  expect((await shop.admin.get('/entitlements/999999999')).status).toBe(404);
});

it('limits and metered balances are told with what is used and left of them', async () => {
  const { admin } = shop;
  const post = async (path: string, body: unknown) => {
    const answer = await admin.post(path, body);
    expect(answer.status).toBe(201);

    return answer.body;
  };
  await post('/meters', { code: 'calls', name: 'Calls', aggregation: 'sum' });
  await post('/features', { code: 'calls', name: 'Calls', kind: 'metered', unit: 'call', meter: 'calls' });
  await post('/features', { code: 'projects', name: 'Projects', kind: 'limit' });
  const grants = [
    { feature: 'calls', value: 100 },
    { feature: 'projects', value: 2, perUnit: true },
  ];
  const plan = await post('/plans', {
    name: 'Metered',
    price: 10_000,
    billingCycle: 'monthly',
    features: ['reports'],
    grants,
  });
  expect(plan).toMatchObject({
    features: ['calls', 'projects', 'reports'],
    grants: [{ value: 100, perUnit: false }, { value: 2 }, { value: true }],
  });

  const clockId = await shop.addClock();
  const { customerId } = await signUp({ planId: plan.id, quantity: 3, customerId: await shop.addCustomer(clockId) });
  const event = { id: randomUUID(), event: 'calls', customerId, timestamp: firstDay, properties: { value: 99.5 } };
  expect((await admin.post('/usage/events', { events: [event] })).body).toMatchObject({ accepted: 1 });

  expect((await admin.get(`/entitlements/${customerId}/calls`)).body).toMatchObject({
    kind: 'metered',
    unit: 'call',
    isEntitled: true,
    limit: 100,
    used: '99.5',
    remaining: '0.5',
    grants: [{ source: 'plan', planId: plan.id, value: 100 }],
  });
  const { features } = (await admin.get(`/entitlements/${customerId}`)).body;
  expect(features.map(({ code, limit }: any) => [code, limit])).toEqual([
    ['calls', 100],
    ['projects', 6],
    ['reports', null],
  ]);
  const withoutValue = { name: 'Odd', price: 1, billingCycle: 'monthly', features: ['reports', 'projects'] };
  expect(problemOf(await admin.post('/plans', withoutValue))).toBe('422 validation_failed /features/1');
  expect(problemOf(await admin.post('/features', { code: 'x', name: 'X', kind: 'metered' }))).toBe(
    '422 validation_failed /meter',
  );
});

it('a customer is given and denied features by hand, which is told and turned back', async () => {
  const { admin } = shop;
  const { customerId } = await signUp({ customerId: await shop.addCustomer(await shop.addClock()) });
  const path = `/customers/${customerId}/entitlement-overrides`;
  const key = { headers: { 'Idempotency-Key': randomUUID() } };
  const body = { feature: 'reports', effect: 'grant', reason: 'a pilot', validUntil: daysAfter(firstDay, 3) };
  const given = await admin.post(path, body, key);
  expect(given).toMatchObject({ status: 201, body: { feature: 'reports', value: true, endedAt: null } });
  expect((await admin.post(path, body, key)).body.id).toBe(given.body.id);
  expect((await admin.get(`/entitlements/${customerId}/reports`)).body).toMatchObject({
    isEntitled: true,
    override: { id: given.body.id, effect: 'grant' },
    grants: [{ source: 'override', value: true }],
  });
  expect((await admin.delete(`${path}/${given.body.id}`)).status).toBe(204);
  expect(await check(customerId, 'reports')).toBe(false);
  expect((await admin.get(path)).body.data).toEqual([]);
  expect((await admin.get(`${path}?status=all`)).body.data).toMatchObject([
    { endReason: 'removed', reason: 'a pilot' },
  ]);

  const events = (await admin.get(`/events?subject=customer/${customerId}&limit=50`)).body.data as { type: string }[];
  expect(events.map(({ type }) => type).filter((type) => type.startsWith('entitlement.'))).toEqual(
    expect.arrayContaining([
      'entitlement.override.created',
      'entitlement.granted',
      'entitlement.override.removed',
      'entitlement.revoked',
    ]),
  );
  const refused = async (fields: object) => problemOf(await admin.post(path, { ...body, ...fields }));
  expect(await refused({ feature: 'teleporting' })).toBe('404 feature_not_found /feature');
  expect(await refused({ validUntil: firstDay })).toBe('422 invalid_date_sequence /validUntil');
  expect(await refused({ reason: '' })).toBe('422 validation_failed /reason');
});
