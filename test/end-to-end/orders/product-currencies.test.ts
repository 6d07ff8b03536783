import { randomUUID } from 'node:crypto';

import { openShop, orderOf, problemOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

test('a product with prices in two currencies is bought by a customer who is billed in the other', async () => {
  const made = await shop.manager.post('/products', {
    sku: randomUUID(),
    name: 'Áo dài',
    price: 500_000,
    prices: [{ currency: 'USD', price: 1_999 }],
    stock: 10,
  });
  expect(made).toMatchObject({ status: 201, body: { currency: 'VND', prices: [{ currency: 'USD', price: 1_999 }] } });
  const { id } = made.body;
  const { body: ann } = await shop.manager.post('/customers', {
    name: 'Ann',
    email: `${randomUUID()}@example.com`,
    billingAccount: { currency: 'USD' },
  });
  const byCard = { customerId: ann.id, paymentMethod: 'card', paymentToken: 'tok_ok' };

  expect((await shop.manager.get(`/products/${id}/price?customerId=${ann.id}`)).body).toMatchObject({
    currency: 'USD',
    price: 1_999,
  });
  const order = await shop.manager.post('/orders', orderOf(id, { ...byCard, currency: 'USD' }, 2));
  expect(order).toMatchObject({ status: 201, body: { currency: 'USD', subtotal: 3_998, items: [{ price: 1_999 }] } });

  expect(problemOf(await shop.manager.post('/orders', orderOf(id, { ...byCard, currency: 'VND' })))).toBe(
    '422 currency_mismatch /currency',
  );
  await shop.manager.patch(`/products/${id}`, { prices: [] });
  expect(problemOf(await shop.manager.post('/orders', orderOf(id, byCard)))).toBe(
    '422 price_not_in_currency /items/0/productId',
  );
  expect(problemOf(await shop.manager.patch(`/products/${id}`, { prices: [{ currency: 'VND', price: 1 }] }))).toBe(
    '422 validation_failed /prices/0/currency',
  );
});
