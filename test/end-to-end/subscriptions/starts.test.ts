import { randomUUID } from 'node:crypto';

import { testSystem } from '../../environment/test-system';
import { problemOf } from '../orders/orders-test-shop';
import { daysAfter, firstDay, openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;
let planId: number;
const card = { paymentMethod: 'card', paymentToken: 'tok_ok' };

beforeAll(async () => {
  shop = await openSubscriptionShop();
  planId = await shop.addPlan({ price: 300_000 });
});

it('waits for a start in the future, once for a key, and is billed when a clock gets there', async () => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const body = { ...card, planId, customerId, startsAt: daysAfter(firstDay, 10) };
  const key = { headers: { 'Idempotency-Key': randomUUID() } };
  const created = await shop.admin.post('/subscriptions', body, key);
  const repeated = await shop.admin.post('/subscriptions', body, key);
  expect(created).toMatchObject({ status: 201, body: { status: 'scheduled', nextDeadline: 'start' } });
  expect(created.body.startsAt).toBe(created.body.nextDeadlineAt);
  expect(repeated.body.id).toBe(created.body.id);
  const { id } = created.body;
  const listed = await shop.admin.get(`/subscriptions?status=scheduled&customerId=${customerId}`);
  expect(listed.body.data.map((one: any) => one.id)).toEqual([id]);
  const upcoming = await shop.admin.get(`/subscriptions/${id}/upcoming-invoice`);
  expect(upcoming.body).toMatchObject({ dueAmount: 330_000, invoices: [{ purpose: 'first' }] });
  const forecast = await shop.admin.get(
    `/subscriptions/${id}/forecast?until=${encodeURIComponent('2026-01-01T00:00:00Z')}`,
  );

  await shop.advance(clockId, daysAfter(firstDay, 9));
  expect(await shop.invoicesOf(id)).toEqual([]);
  await shop.advance(clockId, '2026-01-01T00:00:00Z');

  const invoices = await shop.invoicesOf(id);
  expect(invoices.map(({ purpose, status }) => `${purpose} ${status}`)).toEqual([
    'first paid',
    'renewal paid',
    ...invoices.slice(2).map(() => 'renewal open'),
  ]);
  expect(forecast.body.invoices.map((one: any) => [one.periodStart, one.totalAmount])).toEqual(
    invoices.map(({ periodStart, totalAmount }) => [periodStart, totalAmount]),
  );
  expect(await shop.read(id)).toMatchObject({ status: 'active', startsAt: created.body.startsAt });
});

it('is cancelled before its start, and nothing of it was billed', async () => {
  const { id } = await shop.subscribe({
    ...card,
    planId,
    customerId: await shop.addCustomer(),
    startsAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const cancelled = await shop.admin.post(`/subscriptions/${id}/cancel`, {});

  expect(cancelled.body).toMatchObject({ status: 'cancelled', nextDeadline: null });
  expect(await shop.invoicesOf(id)).toEqual([]);
  expect(await shop.typesOf(id)).toEqual(['subscription.created', 'subscription.cancelled']);
});

it('begins in the past with what is owed since, as it was foreseen', async () => {
  const clockId = await shop.addClock();
  const customerId = await shop.addCustomer(clockId);
  const startsAt = '2025-08-20T00:00:00+07:00';
  const foreseen = await shop.admin.post('/subscriptions/forecast', {
    ...{ planId, startsAt, subscribedAt: firstDay, until: daysAfter(firstDay, 30) },
  });
  const { id } = await shop.subscribe({ ...card, planId, customerId, startsAt });
  const [first, ...others] = await shop.invoicesOf(id);

  expect(others).toEqual([]);
  expect(first).toMatchObject({ purpose: 'first', status: 'paid', totalAmount: 990_000, periodStart: startsAt });
  await shop.advance(clockId, daysAfter(firstDay, 30));
  const [, renewal] = await shop.invoicesOf(id);
  expect(foreseen.body.invoices.map((one: any) => [one.periodStart, one.periodEnd, one.subtotal])).toEqual([
    ...first.lines.map((one: any) => [one.periodStart, one.periodEnd, one.subtotal]),
    [renewal.periodStart, renewal.periodEnd, renewal.subtotal],
  ]);
});

it('in the past is for employees to say, and within three years', async () => {
  const { customerId, token } = await shop.company.addShopper();
  const shopper = testSystem().api.with({ token });
  const tooFar = await shop.admin.post('/subscriptions', {
    ...card,
    planId,
    customerId,
    startsAt: '2020-01-01T00:00:00Z',
  });

  expect(problemOf(tooFar)).toBe('422 invalid_date_sequence /startsAt');
  expect(problemOf(await shopper.post('/subscriptions', { ...card, planId, startsAt: firstDay }))).toBe(
    '403 forbidden /startsAt',
  );
});
