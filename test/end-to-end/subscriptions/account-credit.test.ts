import { until } from '../orders/orders-test-shop';
import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop({ taxRatePpm: 100_000 });
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const balanceOf = async (customerId: number) => (await shop.admin.get(`/customers/${customerId}/balance`)).body;

it('is given, pays the first invoice, is paid out, and expires without anybody looking at it', async () => {
  const customerId = await shop.addCustomer();
  const planId = await shop.addPlan({ price: 100_000 });
  const given = await shop.admin.post(`/customers/${customerId}/credits`, { amount: 200_000, reason: 'Xin lỗi' });
  expect(given).toMatchObject({
    status: 201,
    body: { customerId, amount: 200_000, remaining: 200_000, currency: 'VND', reason: 'Xin lỗi', expiresAt: null },
  });
  const { id } = await shop.subscribe({ customerId, planId });
  const [invoice] = await shop.invoicesOf(id);
  expect(invoice).toMatchObject({ status: 'paid', totalAmount: 110_000, balanceApplied: 110_000, dueAmount: 0 });

  const paid = { amount: 80_000, reference: 'FT26001' };
  const [first, again] = [
    await shop.admin.post(`/customers/${customerId}/credit-payouts`, paid, { headers: { 'Idempotency-Key': 'out-1' } }),
    await shop.admin.post(`/customers/${customerId}/credit-payouts`, paid, { headers: { 'Idempotency-Key': 'out-1' } }),
  ];
  expect(first).toMatchObject({ status: 201, body: { kind: 'paid_out', amount: -80_000, balanceAfter: 10_000 } });
  expect(again.body).toEqual(first.body);
  expect(await shop.admin.post(`/customers/${customerId}/credit-payouts`, paid)).toMatchObject({
    status: 422,
    body: { code: 'payout_exceeds_balance', balance: 10_000 },
  });

  const expiresAt = inSeconds(5);
  const short = await shop.admin.post(`/customers/${customerId}/credits`, { amount: 5_000, reason: 'Quà', expiresAt });
  expect(short.status).toBe(201);
  await until(
    () => balanceOf(customerId),
    ({ entries }: any) => entries[0].kind === 'expired',
  );
  expect(await balanceOf(customerId)).toMatchObject({
    balance: 10_000,
    entries: [
      { kind: 'expired', amount: -5_000, creditGrantId: short.body.id },
      { kind: 'granted', amount: 5_000 },
      { kind: 'paid_out', reference: 'FT26001' },
      { kind: 'applied', amount: -110_000 },
      { kind: 'granted', amount: 200_000, notes: 'Xin lỗi' },
    ],
  });
  const { body: events } = await shop.admin.get(`/events?subject=customer/${customerId}`);
  expect(events.data.map(({ type }: any) => type)).toEqual(
    expect.arrayContaining(['customer.credit.granted', 'customer.credit.paid_out', 'customer.credit.expired']),
  );
});

it('refuses what makes no sense, and shows customers nothing of others', async () => {
  const customerId = await shop.addCustomer();
  const post = (path: string, body: unknown) => shop.admin.post(`/customers/${customerId}/${path}`, body);

  expect(await post('credits', { amount: 0, reason: 'x' })).toMatchObject({ status: 422 });
  expect(await post('credits', { amount: 1, reason: 'x', expiresAt: inSeconds(-5) })).toMatchObject({
    status: 422,
    body: { code: 'invalid_date_sequence' },
  });
  expect(await post('credits', { amount: 1, reason: 'x', currency: 'USD' })).toMatchObject({
    status: 422,
    body: { code: 'currency_mismatch' },
  });
  expect(await shop.admin.post('/customers/999999999/credits', { amount: 1, reason: 'x' })).toMatchObject({
    status: 404,
  });
  expect((await shop.admin.get(`/customers/${customerId}/credits`)).body).toEqual({ data: [], nextCursor: null });
  expect(await balanceOf(customerId)).toMatchObject({ balance: 0, entries: [] });
});
