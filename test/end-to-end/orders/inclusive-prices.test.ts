import { openSubscriptionShop } from '../subscriptions/subscriptions-test-shop';
import { openShop, orderOf, problemOf } from './orders-test-shop';

it('a company whose prices hold their tax sells at what is shown, and its documents say what of it is tax', async () => {
  const shop = await openShop();
  expect((await shop.company.api.put('/company/settings', { taxBehavior: 'inclusive' })).status).toBe(200);
  const buyer = await shop.addBuyer();
  const plain = await shop.addProduct({ price: 110_000 });
  const on = await shop.addProduct({ price: 100_000 });
  expect((await shop.manager.patch(`/products/${on}`, { taxBehavior: 'exclusive' })).body).toMatchObject({
    taxBehavior: 'exclusive',
  });
  expect(problemOf(await shop.manager.patch(`/products/${on}`, { taxBehavior: 'gross' }))).toBe(
    '422 validation_failed /taxBehavior',
  );
  const { body: shown } = await buyer.api.get(`/products/${plain}/price?quantity=2`);
  const { body: order } = await buyer.api.post('/orders', orderOf(plain, {}, 2));
  const { body: other } = await buyer.api.post('/orders', orderOf(on));
  const { body: invoice } = await buyer.api.get(`/invoices/${order.invoiceId}`);

  expect(shown).toMatchObject({ price: 110_000, subtotal: 220_000, taxBehavior: 'inclusive' });
  expect(order).toMatchObject({
    subtotal: 200_000,
    tax: 20_000,
    totalAmount: 220_000,
    items: [{ price: 110_000, taxBehavior: 'inclusive', subtotal: 200_000, tax: 20_000 }],
  });
  expect(invoice).toMatchObject({
    subtotal: 200_000,
    tax: 20_000,
    totalAmount: 220_000,
    lines: [{ unitAmount: 110_000, taxBehavior: 'inclusive', subtotal: 200_000, tax: 20_000 }],
  });
  expect(other).toMatchObject({ subtotal: 100_000, tax: 10_000, totalAmount: 110_000 });
});

it('a subscription keeps a price with its tax when the company’s prices hold it no longer', async () => {
  const shop = await openSubscriptionShop();
  await shop.admin.put('/company/settings', { taxBehavior: 'inclusive' });
  const clock = await shop.addClock('2026-06-01T00:00:00+07:00');
  const customerId = await shop.addCustomer(clock);
  const planId = await shop.addPlan({ price: 110_000 });
  const created = await shop.subscribe({ customerId, planId, paymentMethod: 'card', paymentToken: 'tok_ok' });
  await shop.admin.put('/company/settings', { taxBehavior: 'exclusive' });
  const { body: upcoming } = await shop.admin.get(`/subscriptions/${created.id}/upcoming-invoice`);
  await shop.advance(clock, '2026-07-02T00:00:00+07:00');

  expect(created).toMatchObject({ amount: 110_000, taxBehavior: 'inclusive' });
  expect(upcoming.invoices).toMatchObject([{ subtotal: 100_000, tax: 10_000, totalAmount: 110_000 }]);
  expect((await shop.invoicesOf(created.id)).map(({ tax, totalAmount }) => [tax, totalAmount])).toEqual([
    [10_000, 110_000],
    [10_000, 110_000],
  ]);
});
