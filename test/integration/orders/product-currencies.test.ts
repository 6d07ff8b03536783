import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { quotePrice } from '../../../domain/catalogue/pricing-rules/quote-price';
import { createPricingRule } from '../../../domain/catalogue/pricing-rules/write-pricing-rule';
import { updateProduct, type ProductChanges } from '../../../domain/catalogue/products/update-product';
import { createCustomer } from '../../../domain/customers/create-customer';
import { openOrderWorld, type OrderWorld, refusalOf } from './order-world';

let world: OrderWorld;
let american: number;

beforeAll(async () => {
  world = await openOrderWorld({ settings: { taxRatePpm: 100_000 } });
  american = await reserveId(world.database, 'customer');
  await world.database.withTenant(world.company.id, (tx) =>
    createCustomer(tx, {
      id: american,
      name: 'Ann',
      email: 'ann@example.com',
      billingAccount: { currency: 'USD' },
      now: world.now,
    }),
  );
});

afterAll(() => world?.close());

const change = (id: number, changes: ProductChanges) =>
  world.database.withTenant(world.company.id, (tx) => updateProduct(tx, { id, changes, now: world.now }));

async function addProduct(prices = [{ currency: 'USD', price: 1_999 }]): Promise<number> {
  const id = await world.addProduct({ price: 500_000 });
  await change(id, { prices });

  return id;
}

const quote = (productId: number, fields: { customerId?: number; currency?: string } = {}) =>
  world.database.withTenantSql(world.company.id, (tx) =>
    quotePrice(tx, { productId, quantity: 2, customerId: null, isEmployee: false, now: world.now, ...fields }),
  );
const card = { paymentMethod: 'card', paymentToken: 'tok_ok' } as const;

describe('an order', () => {
  it('is told which way to pay does not take its currency', async () => {
    const items = [{ productId: await addProduct(), quantity: 1 }];

    expect(await world.tryPlace({ items, customerId: american })).toMatchObject({
      kind: 'refused',
      error: { code: 'currency_mismatch', field: '/paymentMethod', detail: 'vnpay takes VND, not USD.' },
    });
  });

  it('has every line, its tax, invoice and payment in the currency of the billing account', async () => {
    const items = [
      { productId: await addProduct(), quantity: 2, price: 1_999 },
      { productId: await world.addProduct({ price: 501, currency: 'USD' }), quantity: 1 },
    ];
    const { orderId } = await world.place({ items, customerId: american, currency: 'USD', ...card });
    const order = await world.read(orderId);

    expect(order).toMatchObject({
      currency: 'USD',
      subtotal: 4_499,
      tax: 450,
      totalAmount: 4_949,
      items: [
        { price: 1_999, listPrice: 1_999 },
        { price: 501, listPrice: 501 },
      ],
      payments: [{ amount: 4_949 }],
    });
    expect(await world.query('SELECT currency FROM finance.invoices WHERE order_id = $1', [orderId])).toEqual([
      { currency: 'USD' },
    ]);
  });

  it('has the product’s own price where that is the currency', async () => {
    const { orderId } = await world.place({ items: [{ productId: await addProduct(), quantity: 1 }] });

    expect(await world.read(orderId)).toMatchObject({ currency: 'VND', subtotal: 500_000 });
  });

  it('is refused without a price in its currency, or in another than that of the account, and holds nothing', async () => {
    const product = await addProduct();
    const euro = await addProduct([{ currency: 'EUR', price: 1_500 }]);
    const items = [
      { productId: product, quantity: 1 },
      { productId: euro, quantity: 1 },
    ];
    const before = await world.rowCounts();

    expect(await world.tryPlace({ items, customerId: american, ...card })).toMatchObject({
      kind: 'refused',
      error: { code: 'price_not_in_currency', field: '/items/1/productId' },
    });
    expect(await world.tryPlace({ items, currency: 'USD', ...card })).toMatchObject({
      kind: 'refused',
      error: { code: 'currency_mismatch', field: '/currency' },
    });
    expect(await world.rowCounts()).toEqual(before);
  });

  it('goes by pricing rules of its currency and by percentages', async () => {
    const product = await addProduct();
    const rule = async (currency: string, amount: number) =>
      world.database.withTenant(world.company.id, async (tx) =>
        createPricingRule(tx, {
          rule: {
            id: await reserveId(world.database, 'pricingRule'),
            name: currency,
            currency,
            appliesTo: { productIds: [product], categories: [], segments: [] },
            tiers: [{ minQuantity: 2, reduction: { kind: 'amount', amount } }],
          },
          now: world.now,
        }),
      );
    await rule('VND', 100_000);
    await rule('USD', 99);

    expect(await quote(product)).toMatchObject({ currency: 'VND', price: 400_000 });
    expect(await quote(product, { customerId: american })).toMatchObject({ currency: 'USD', price: 1_900 });
    const items = [{ productId: product, quantity: 2, price: 1_900 }];
    expect((await world.place({ items, customerId: american, ...card })).status).toBe('pending');
  });
});

describe('a price in another currency', () => {
  it('is quoted where it is asked for, and refused where there is none or the customer is billed in another', async () => {
    const product = await addProduct();

    expect(await quote(product, { currency: 'USD' })).toMatchObject({ currency: 'USD', price: 1_999, subtotal: 3_998 });
    expect(await refusalOf(quote(product, { currency: 'EUR' }))).toBe('price_not_in_currency currency');
    expect(await refusalOf(quote(product, { currency: 'USD', customerId: world.customerId }))).toBe(
      'currency_mismatch currency',
    );
  });

  it('is told of when it changes, once, in whatever order it is sent', async () => {
    const product = await addProduct([
      { currency: 'USD', price: 1 },
      { currency: 'EUR', price: 2 },
    ]);
    const before = await world.events(`product/${product}`);
    const same = await change(product, {
      prices: [
        { currency: 'EUR', price: 2 },
        { currency: 'USD', price: 1 },
      ],
    });

    expect(same.prices.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    expect(await world.events(`product/${product}`)).toEqual(before);
    expect((await change(product, { prices: [] })).prices).toEqual([]);
    expect(await world.events(`product/${product}`)).toHaveLength(before.length + 1);
  });

  it('is never the product’s own, not even after a change of that', async () => {
    const product = await addProduct();

    expect(await refusalOf(change(product, { prices: [{ currency: 'VND', price: 1 }] }))).toBe(
      'validation_failed /prices/0/currency',
    );
    expect(await refusalOf(change(product, { currency: 'USD', price: 1_999 }))).toBe(
      'validation_failed /prices/0/currency',
    );
    expect(
      await change(product, { currency: 'USD', price: 1_999, prices: [{ currency: 'VND', price: 9 }] }),
    ).toMatchObject({
      currency: 'USD',
      prices: [{ currency: 'VND', price: 9 }],
    });
  });
});
