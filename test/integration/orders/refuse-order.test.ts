import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { codeOf, openOrderWorld, type OrderWish, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

/** The refusal of an order, after a look that nothing at all was written for it. */
async function refused(wish: OrderWish, of = world) {
  const before = await of.rowCounts();
  const placement = await of.tryPlace(wish);
  expect(await of.rowCounts()).toEqual(before);

  if (placement.kind === 'placed') {
    throw new Error('The order was placed.');
  }

  return placement.error;
}

describe('an order is refused, with nothing written,', () => {
  it('when a price is not the one that was shown, and names the product and both prices', async () => {
    const [right, wrong] = [await world.addProduct({ price: 10_000 }), await world.addProduct({ price: 20_000 })];
    const error = await refused({
      items: [
        { productId: right, quantity: 1, price: 10_000 },
        { productId: wrong, quantity: 1, price: 19_000 },
      ],
    });

    expect(error).toMatchObject({
      code: 'price_mismatch',
      field: '/items/1/price',
      detail: expect.stringMatching(/^The price of Sản phẩm \d+ is 20,000 VND, not 19,000 VND\.$/),
      params: { lines: [{ productId: wrong, sentPrice: 19_000, price: 20_000 }] },
    });
    expect(await world.stock(right)).toMatchObject({ reserved: 0 });
  });

  it('when a product is archived', async () => {
    const product = await world.addProduct();
    await world.database.withTenant(world.company.id, (tx) =>
      updateProduct(tx, { id: product, changes: { status: 'archived' }, now: world.now }),
    );

    expect(await refused({ items: [{ productId: product, quantity: 1 }] })).toMatchObject({
      code: 'product_archived',
      field: '/items/0/productId',
      params: { productId: product },
    });
  });

  it('when there is no such product, also when another company has it', async () => {
    const other = await world.another();
    const theirs = await other.addProduct();

    for (const productId of [999_999_999, theirs]) {
      const items = [
        { productId: await world.addProduct(), quantity: 1 },
        { productId, quantity: 1 },
      ];
      expect(await refused({ items })).toMatchObject({ code: 'product_not_found', field: '/items/1/productId' });
    }
    expect(await other.stock(theirs)).toMatchObject({ reserved: 0 });
  });

  it('when there is no such customer, also when another company has them', async () => {
    const other = await world.another();
    const items = [{ productId: await world.addProduct(), quantity: 1 }];

    for (const customerId of [999_999_999, other.customerId]) {
      expect(await refused({ items, customerId })).toMatchObject({ code: 'customer_not_found', field: '/customerId' });
    }
  });

  it('when a product is priced in a currency that the customer is not billed in', async () => {
    const dollars = await world.addProduct({ currency: 'USD' });
    const dong = await world.addProduct();
    const items = [
      { productId: dong, quantity: 1 },
      { productId: dollars, quantity: 1 },
    ];

    expect(await refused({ items })).toMatchObject({ code: 'price_not_in_currency', field: '/items/1/productId' });
  });

  it('when its way to pay is not offered, and says what is', async () => {
    const [some, none] = [
      await world.another({ paymentMethods: ['paypal', 'cod'] }),
      await world.another({ paymentMethods: ['stripe'] }),
    ];
    const refusalIn = async (shop: OrderWorld) =>
      refused({ items: [{ productId: await shop.addProduct(), quantity: 1 }] }, shop);

    expect(await refusalIn(some)).toMatchObject({
      code: 'payment_method_unavailable',
      field: '/paymentMethod',
      detail: 'vnpay is not offered here, use cod.',
      params: { paymentMethods: ['cod'] },
    });
    expect(await refusalIn(none)).toMatchObject({
      detail: 'vnpay is not offered here, nor is any other way to pay: see the setting paymentMethods.',
      params: { paymentMethods: [] },
    });
  });

  it('when stock is short, and names the lines that are short and no others', async () => {
    const [plenty, little, none] = [
      await world.addProduct({ stock: 10 }),
      await world.addProduct({ stock: 2 }),
      await world.addProduct({ stock: 0 }),
    ];
    // Of `plenty` more than half is wanted: what this order itself would hold is not counted against it.
    const error = await refused({
      items: [
        { productId: plenty, quantity: 8 },
        { productId: none, quantity: 1 },
        { productId: little, quantity: 3 },
      ],
    });

    expect(error).toMatchObject({
      code: 'out_of_stock',
      detail: expect.stringMatching(/^Not enough stock of Sản phẩm \d+ \(2 of 3\), Sản phẩm \d+ \(0 of 1\)\.$/),
    });
    expect(error.params['lines']).toMatchObject([
      { productId: little, requested: 3, available: 2 },
      { productId: none, requested: 1, available: 0 },
    ]);
    expect(await world.stock(plenty)).toEqual({ quantity: 10, reserved: 0, available: 10 });
  });

  it('when two lines of one product are too many together', async () => {
    const product = await world.addProduct({ stock: 5 });
    const items = [
      { productId: product, quantity: 3 },
      { productId: product, quantity: 3 },
    ];

    expect((await refused({ items })).params['lines']).toMatchObject([
      { productId: product, requested: 6, available: 5 },
    ]);
  });

  it('when what is left is held for others', async () => {
    const product = await world.addProduct({ stock: 3 });
    await world.place({ items: [{ productId: product, quantity: 2 }] });

    expect(await refused({ items: [{ productId: product, quantity: 2 }] })).toMatchObject({
      code: 'out_of_stock',
      params: { lines: [{ requested: 2, available: 1 }] },
    });
  });

  it.each(['stripe', 'paypal'] as const)('when it is to be paid by %s, which is not offered here', async (method) => {
    const items = [{ productId: await world.addProduct(), quantity: 1 }];

    expect(await refused({ items, paymentMethod: method })).toMatchObject({
      code: 'payment_method_unavailable',
      params: { paymentMethods: ['vnpay', 'card', 'cod'] },
    });
  });

  it('when its company does not offer the way to pay', async () => {
    const cashOnly = await world.another({ paymentMethods: ['cod'] });
    const items = [{ productId: await cashOnly.addProduct(), quantity: 1 }];

    expect(await refused({ items }, cashOnly)).toMatchObject({ code: 'payment_method_unavailable' });
  });

  it('when a card is to be charged without a token', async () => {
    const items = [{ productId: await world.addProduct(), quantity: 1 }];

    expect(await refused({ items, paymentMethod: 'card' })).toMatchObject({
      code: 'payment_token_required',
      field: '/paymentToken',
    });
  });

  it('when the amount is more than the provider takes', async () => {
    const items = [{ productId: await world.addProduct({ price: 9_999_999_999 }), quantity: 1 }];

    expect(await refused({ items })).toMatchObject({ code: 'amount_out_of_range' });
  });

  it('when the amount is more than can be counted exactly', async () => {
    const product = await world.addProduct({ price: 9_007_199_254_740_991, stock: 2 });

    expect(await refused({ items: [{ productId: product, quantity: 2 }], paymentMethod: 'cod' })).toMatchObject({
      code: 'amount_out_of_range',
    });
  });

  it('when its company takes no orders, until it does again; what stands goes on', async () => {
    const closing = await world.another();
    const items = [{ productId: await closing.addProduct(), quantity: 1 }];
    const standing = await closing.place({ items });
    const set = (column: string, value: unknown) =>
      world.query(`UPDATE platform.companies SET ${column} = $2 WHERE id = $1`, [closing.company.id, value]);
    await set('accepts_orders', false);

    expect(await refused({ items }, closing)).toMatchObject({
      code: 'model_not_accepting',
      params: { businessModel: 'multi' },
    });
    expect(await closing.pay(standing)).toEqual({ kind: 'completed' });

    await set('accepts_orders', true);
    expect(codeOf(await closing.tryPlace({ items }))).toBeUndefined();
  });
});

it('sells the last ten units ten times to two hundred buyers at once', async () => {
  const product = await world.addProduct({ stock: 10 });
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, () => world.tryPlace({ items: [{ productId: product, quantity: 1 }] })),
  );
  const refusals = outcomes.filter(({ kind }) => kind === 'refused');

  expect(refusals).toHaveLength(190);
  expect(new Set(refusals.map(codeOf))).toEqual(new Set(['out_of_stock']));
  expect(await world.stock(product)).toEqual({ quantity: 10, reserved: 10, available: 0 });
  expect(await world.query('SELECT id FROM ordering.order_items WHERE product_id = $1', [product])).toHaveLength(10);
});

it('gives orders of the same products in opposite order their stock without a deadlock', async () => {
  const [a, b] = [await world.addProduct({ stock: 60 }), await world.addProduct({ stock: 60 })];
  const outcomes = await Promise.all(
    Array.from({ length: 60 }, (_, nth) => {
      const items = [
        { productId: a, quantity: 1 },
        { productId: b, quantity: 1 },
      ];

      return world.tryPlace({ items: nth % 2 === 0 ? items : items.reverse() });
    }),
  );

  expect(outcomes.every(({ kind }) => kind === 'placed')).toBe(true);
  expect(await world.stock(a)).toMatchObject({ available: 0 });
  expect(await world.stock(b)).toMatchObject({ available: 0 });
});
