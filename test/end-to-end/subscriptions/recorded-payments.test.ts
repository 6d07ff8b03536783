import { openSubscriptionShop, type SubscriptionShop } from './subscriptions-test-shop';

let shop: SubscriptionShop;

beforeAll(async () => {
  shop = await openSubscriptionShop({ taxRatePpm: 100_000 });
});

it('is paid in parts by hand, once for each key, and activates when it is whole', async () => {
  const customerId = await shop.addCustomer();
  const { id } = await shop.subscribe({ customerId, planId: await shop.addPlan({ price: 100_000 }) });
  const [open] = await shop.invoicesOf(id);
  expect(open).toMatchObject({ status: 'open', dueAmount: 110_000, paidAmount: 0 });
  const record = (body: unknown, headers: Record<string, string> = {}) =>
    shop.admin.post(`/invoices/${open.id}/payments`, body, { headers });

  const part = { amount: 60_000, method: 'bank_transfer', reference: 'FT26010' };
  const [first, again] = [
    await record(part, { 'Idempotency-Key': 'part-1' }),
    await record(part, { 'Idempotency-Key': 'part-1' }),
  ];
  expect(first).toMatchObject({
    status: 201,
    body: { method: 'bank_transfer', status: 'success', amount: 60_000, paidAmount: 60_000, transactionId: 'FT26010' },
  });
  expect(again.body).toEqual(first.body);
  expect((await shop.invoicesOf(id))[0]).toMatchObject({ status: 'open', paidAmount: 60_000, dueAmount: 50_000 });
  expect((await shop.read(id)).activatedAt).toBeNull();

  expect(await record({ amount: 70_000, method: 'cash', reference: 'Quầy 1' })).toMatchObject({ status: 201 });
  expect((await shop.invoicesOf(id))[0]).toMatchObject({ status: 'paid', paidAmount: 110_000, dueAmount: 0 });
  expect((await shop.read(id)).activatedAt).not.toBeNull();
  expect((await shop.admin.get(`/customers/${customerId}/balance`)).body).toMatchObject({ balance: 20_000 });

  expect(await record(part)).toMatchObject({ status: 409, body: { code: 'invoice_state' } });
  expect(await record({ ...part, amount: 0 })).toMatchObject({ status: 422 });
  expect(await record({ ...part, method: 'card' })).toMatchObject({ status: 422 });
  expect((await shop.admin.post('/invoices/999999999/payments', part)).status).toBe(404);

  const refund = await shop.admin.post(`/payments/${first.body.id}/refund`, { amount: 10_000, reason: 'Trả lại' });
  expect(refund).toMatchObject({ status: 200, body: { refundedAmount: 10_000, status: 'partially_refunded' } });
});
