import { randomUUID } from 'node:crypto';

import { openShop, orderOf, problemOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

const bundleOf = (bundleItems: unknown, fields: object = {}) => ({
  sku: randomUUID(),
  name: 'Bộ trà',
  kind: 'bundle',
  price: 120_000,
  bundleItems,
  ...fields,
});

test('a bundle is made, shown, sold as one line and given back with its parts', async () => {
  const [cup, pot] = [await shop.addProduct({ stock: 5 }), await shop.addProduct({ stock: 9 })];
  const parts = [
    { productId: cup, quantity: 2 },
    { productId: pot, quantity: 1 },
  ];
  const made = await shop.manager.post('/products', bundleOf(parts));
  expect(made).toMatchObject({ status: 201, body: { kind: 'bundle', stock: 2, bundleItems: parts } });
  const { id } = made.body;

  const buyer = await shop.addBuyer();
  const order = await buyer.api.post('/orders', orderOf(id, {}, 2));
  expect(order).toMatchObject({
    status: 201,
    body: { subtotal: 240_000, items: [{ productId: id, bundleItems: parts }] },
  });
  expect((await buyer.api.get(`/products/${id}`)).body).toMatchObject({ stock: 0 });
  expect((await buyer.api.get(`/inventory/${id}`)).body).toEqual({ productId: id, available: 0 });
  expect(
    (await shop.manager.get('/products?inStock=true')).body.data.map((row: { id: number }) => row.id),
  ).not.toContain(id);
  expect(problemOf(await buyer.api.post('/orders', orderOf(id)))).toBe('409 out_of_stock');

  expect((await buyer.api.post(`/orders/${order.body.id}/cancel`, {})).status).toBe(200);
  expect((await shop.staff.get(`/inventory/${cup}`)).body).toMatchObject({ quantity: 5, reserved: 0 });
  expect((await shop.manager.get(`/products/${id}`)).body).toMatchObject({ stock: 2 });
});

test('a bundle that cannot be is refused, with its field', async () => {
  const cup = await shop.addProduct();
  const items = [{ productId: cup, quantity: 1 }];
  const bundle = (await shop.manager.post('/products', bundleOf(items))).body.id;
  const refused = async (body: object) => problemOf(await shop.manager.post('/products', body));

  expect(await refused(bundleOf([{ productId: bundle, quantity: 1 }]))).toBe(
    '422 bundle_nested /bundleItems/0/productId',
  );
  expect(await refused(bundleOf(undefined))).toBe('422 validation_failed /bundleItems');
  expect(await refused(bundleOf(items, { kind: 'simple' }))).toBe('422 validation_failed /bundleItems');
  expect(await refused(bundleOf(items, { stock: 5 }))).toBe('422 validation_failed /stock');
  expect(await refused(bundleOf([{ productId: cup, quantity: 0 }]))).toBe(
    '422 validation_failed /bundleItems/0/quantity',
  );
  expect(problemOf(await shop.staff.put(`/inventory/${bundle}`, { quantity: 3 }))).toBe('409 bundle_without_stock');
});
