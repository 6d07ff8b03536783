import { randomUUID } from 'node:crypto';

import { problemOf, until } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan({ price: 200_000 });
});

const half = { kind: 'percent', ratePpm: 500_000 };
async function promote(fields: object = {}) {
  const code = `E2E-${randomUUID().slice(0, 8)}`.toUpperCase();
  const made = await shop.admin.post('/promotions', { name: code, code, discount: half, ...fields });
  expect(made.status).toBe(201);

  return { id: made.body.id as number, code };
}
const card = { paymentMethod: 'card', paymentToken: 'tok_ok' };
const totalsOf = async (id: number) =>
  (await shop.invoicesOf(id)).filter(({ status }) => status !== 'void').map(({ totalAmount }) => totalAmount);

it('a customer subscribes with a code for two periods: as the forecast says, on a clock, and used once for a key', async () => {
  const { id: promotionId, code } = await promote({ duration: { kind: 'periods', count: 2 }, maxUsesPerCustomer: 1 });
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const forecast = await shop.admin.post('/subscriptions/forecast', {
    ...{ planId, promotionCode: code, startsAt: firstDay, until: daysAfter(firstDay, 70) },
  });
  expect(forecast.body.invoices.map((one: any) => [one.discount, one.totalAmount])).toEqual([
    ...[
      [100_000, 120_000],
      [100_000, 120_000],
    ],
    [0, 220_000],
  ]);

  const body = { customerId, planId, promotionCode: code.toLowerCase(), ...card };
  const key = { headers: { 'Idempotency-Key': randomUUID() } };
  const created = await shop.admin.post('/subscriptions', body, key);
  expect(created).toMatchObject({
    status: 201,
    body: { discounts: [{ promotionId, code, endsAt: '2025-12-26T00:00:00+07:00', amountLeft: null, isOver: false }] },
  });
  const { id } = created.body;
  expect((await shop.admin.post('/subscriptions', body, key)).body.id).toBe(id);
  expect(problemOf(await shop.admin.post('/subscriptions', body))).toBe('422 promotion_already_used /promotionCode');
  await shop.advance(clockId, daysAfter(firstDay, 70));

  expect(await totalsOf(id)).toEqual([120_000, 120_000, 220_000]);
  const [first] = await shop.invoicesOf(id);
  expect((await shop.admin.get(`/invoices/${first.id}`)).body.lines).toMatchObject([
    { discount: 100_000, promotionDiscounts: [{ promotionId, code, amount: 100_000 }] },
  ]);
  expect((await shop.read(id)).discounts).toMatchObject([{ code, isOver: true }]);
  expect((await shop.admin.get(`/promotions/${promotionId}`)).body.used).toBe(1);
});

it('a code is applied to a subscription that runs and removed again, each as its preview says', async () => {
  const { code } = await promote({ duration: { kind: 'forever' } });
  const clockId = await shop.addClock();
  const { id } = await shop.subscribe({ customerId: await shop.addCustomer(clockId), planId, ...card });
  await shop.advance(clockId, daysAfter(firstDay, 29));
  const path = `/subscriptions/${id}/discounts`;
  const preview = await shop.admin.post(`${path}?preview=true`, { promotionCode: code });
  expect(preview.body.invoices).toMatchObject([{ purpose: 'renewal', discount: 100_000, totalAmount: 120_000 }]);
  expect(await totalsOf(id)).toEqual([220_000, 220_000]);

  expect((await shop.admin.post(path, { promotionCode: code })).body.discounts).toMatchObject([{ code, endsAt: null }]);
  expect(await totalsOf(id)).toEqual([220_000, 120_000]);
  expect(problemOf(await shop.admin.post(path, { promotionCode: code }))).toBe(
    '422 promotion_already_used /promotionCode',
  );
  expect((await shop.admin.delete(`${path}/${code.toLowerCase()}`)).body.discounts).toEqual([]);
  expect(await totalsOf(id)).toEqual([220_000, 220_000]);
  expect(problemOf(await shop.admin.delete(`${path}/${code}`))).toBe('404 not_found /promotionCode');
  expect(await shop.typesOf(id)).toEqual(expect.arrayContaining(['promotion.redeemed', 'promotion.removed']));
});

it('a trial by code begins a subscription, and one that is free by a code is active without a payment', async () => {
  const trial = await promote({ discount: { kind: 'trial', days: 10 } });
  const free = await promote({ discount: { kind: 'amount', amount: 220_000 } });
  const begun = await shop.subscribe({ customerId: await shop.addCustomer(), planId, promotionCode: trial.code });
  const active = await shop.subscribe({ customerId: await shop.addCustomer(), planId, promotionCode: free.code });

  expect(begun).toMatchObject({ status: 'trial', isTrialUsed: true, discounts: [] });
  expect(
    (
      await until(
        () => shop.read(active.id),
        ({ activatedAt }) => activatedAt !== null,
      )
    ).status,
  ).toBe('active');
  expect(await shop.invoicesOf(active.id)).toMatchObject([{ status: 'paid', totalAmount: 0 }]);
});

it('what is wrong with a code or a promotion is named', async () => {
  const customerId = await shop.addCustomer();
  const begin = async (fields: object) =>
    problemOf(await shop.admin.post('/subscriptions', { customerId, planId, ...card, ...fields }));
  const { code } = await promote({ appliesTo: { planIds: [await shop.addPlan({ price: 1_000 })] } });

  expect(await begin({ promotionCode: 'NOBODY' })).toBe('422 promotion_not_found /promotionCode');
  expect(await begin({ promotionCode: code })).toBe('422 promotion_not_applicable /promotionCode');
  expect(await begin({ promotionCode: code, promotionCodes: [code] })).toBe('422 validation_failed /promotionCodes');
  const make = async (fields: object) =>
    problemOf(await shop.admin.post('/promotions', { name: 'x', discount: half, ...fields }));
  expect(await make({ appliesTo: { planIds: [999_999_999] } })).toBe('422 validation_failed /appliesTo/planIds/0');
  expect(await make({ appliesTo: { addonKeys: ['none'] } })).toBe('422 validation_failed /appliesTo/addonKeys/0');
  expect(await make({ discount: { kind: 'trial', days: 5 }, duration: { kind: 'forever' } })).toBe(
    '422 validation_failed /duration',
  );
});
