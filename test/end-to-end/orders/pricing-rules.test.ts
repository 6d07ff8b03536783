import { openShop, orderOf, problemOf, type TestShop } from './orders-test-shop';

let shop: TestShop;

beforeAll(async () => {
  shop = await openShop();
});

test('a price by quantity and segment is quoted as the order has it, and kept by the order', async () => {
  const product = await shop.addProduct({ price: 100_000 });
  const made = await shop.manager.post('/pricing-rules', {
    name: 'Giá sỉ',
    appliesTo: { productIds: [product], segments: ['wholesale'] },
    tiers: [
      { minQuantity: 5, reduction: { kind: 'percent', ratePpm: 100_000 } },
      { minQuantity: 10, reduction: { kind: 'fixed', price: 80_000 } },
    ],
  });
  expect(made).toMatchObject({ status: 201, body: { currency: 'VND', priority: 100, status: 'active' } });
  const { id } = made.body;
  const buyer = await shop.addBuyer();
  const quote = async (quantity: number) =>
    (await buyer.api.get(`/products/${product}/price?quantity=${quantity}`)).body;
  expect(await quote(10)).toMatchObject({ price: 100_000, pricingRule: null });

  await shop.manager.patch(`/customers/${buyer.customerId}`, { segment: 'wholesale' });
  expect(await quote(4)).toMatchObject({ price: 100_000 });
  expect(await quote(5)).toMatchObject({ listPrice: 100_000, price: 90_000, subtotal: 450_000 });
  expect(await quote(10)).toEqual({
    productId: product,
    quantity: 10,
    currency: 'VND',
    listPrice: 100_000,
    price: 80_000,
    pricingRule: { id, name: 'Giá sỉ' },
    subtotal: 800_000,
    taxBehavior: 'exclusive',
  });

  const order = await buyer.api.post('/orders', orderOf(product, {}, 10));
  expect((await shop.manager.delete(`/pricing-rules/${id}`)).status).toBe(204);
  expect((await buyer.api.get(`/orders/${order.body.id}`)).body).toMatchObject({
    subtotal: 800_000,
    items: [{ listPrice: 100_000, price: 80_000, pricingRule: { id, name: 'Giá sỉ' } }],
  });
  expect(await quote(10)).toMatchObject({ price: 100_000 });
  expect(
    problemOf(
      await buyer.api.post(
        '/orders',
        orderOf(product, { items: [{ productId: product, quantity: 10, price: 80_000 }] }),
      ),
    ),
  ).toBe('409 price_mismatch /items/0/price');
});

test('pricing rules are read by employees, written by managers, and refused where they cannot be', async () => {
  const product = await shop.addProduct();
  const rule = {
    name: 'Rule',
    tiers: [{ reduction: { kind: 'percent', ratePpm: 1 } }],
    appliesTo: { productIds: [product] },
  };
  const buyer = await shop.addBuyer();

  expect(problemOf(await buyer.api.get('/pricing-rules'))).toBe('403 forbidden');
  expect(problemOf(await shop.staff.post('/pricing-rules', rule))).toBe('403 forbidden');
  expect(problemOf(await shop.manager.post('/pricing-rules', { ...rule, tiers: [] }))).toBe(
    '422 validation_failed /tiers',
  );
  const { body } = await shop.manager.post('/pricing-rules', rule);
  expect((await shop.staff.get(`/pricing-rules?productId=${product}`)).body.data).toEqual([body]);

  expect(problemOf(await buyer.api.get(`/products/${product}/price?customerId=1`))).toBe('403 forbidden customerId');
  expect(problemOf(await buyer.api.get('/products/999999999/price'))).toBe('404 not_found');
  expect(problemOf(await buyer.api.get(`/products/${product}/price?quantity=0`))).toBe(
    '422 validation_failed quantity',
  );
  expect(problemOf(await shop.company.visitor.get(`/products/${product}/price?customerId=1`))).toBe(
    '401 unauthenticated customerId',
  );
  expect((await shop.company.visitor.get(`/products/${product}/price`)).status).toBe(200);
});
