import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { quotePrice } from '../../../domain/catalogue/pricing-rules/quote-price';
import { type ProductChanges, updateProduct } from '../../../domain/catalogue/products/update-product';
import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { createCustomer } from '../../../domain/customers/create-customer';
import { updateCustomer } from '../../../domain/customers/update-customer';
import { viewOrder } from '../../../domain/orders/order-view';
import { createPromotion } from '../../../domain/promotions/create-promotion';
import { invoicesThatDisagree } from './expect-balanced-books';
import { openOrderWorld, type OrderWish, type OrderWorld } from './order-world';

/** A shop whose prices hold their tax, of 10 %, and of 40 % in two taxes for luxury. */
let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld({ settings: { taxBehavior: 'inclusive' } });

  for (const fields of [
    { code: 'VAT', name: 'GTGT', ratePpm: 100_000, taxCategory: 'luxury' },
    { code: 'SCT', name: 'TTĐB', ratePpm: 300_000, taxCategory: 'luxury' },
  ]) {
    const taxRate = { ...fields, id: await reserveId(world.database, 'taxRate') };
    await world.database.withTenant(world.company.id, (tx) => createTaxRate(tx, { taxRate, now: world.now }));
  }
});
afterAll(() => world?.close());

const change = (id: number, changes: ProductChanges, of = world) =>
  of.database.withTenant(of.company.id, (tx) => updateProduct(tx, { id, changes, now: of.now }));
const addProduct = async (price: number, changes: ProductChanges = {}, of = world) => {
  const id = await of.addProduct({ price });
  await change(id, changes, of);

  return id;
};
const viewOf = async (orderId: number, of = world) => viewOrder(await of.read(orderId));
const buy = async (products: number[], wish: OrderWish = {}, of = world) =>
  of.place({ items: products.map((productId) => ({ productId, quantity: 1 })), ...wish });
const noDisagreement = async (of = world) => expect(await of.query(invoicesThatDisagree, [of.company.id])).toEqual([]);

describe('an order at prices that hold their tax', () => {
  it('costs what is shown, and says what of it is tax: on the order, its items and its invoice', async () => {
    const placed = await buy([await addProduct(110_000)]);
    const order = await viewOf(placed.orderId);

    expect(order).toMatchObject({ subtotal: 100_000, tax: 10_000, discount: 0, totalAmount: 110_000 });
    expect(order.items).toMatchObject([{ price: 110_000, taxBehavior: 'inclusive', subtotal: 100_000, tax: 10_000 }]);
    expect(order.payments).toMatchObject([{ amount: 110_000 }]);
    expect(
      await world.query(
        `SELECT l.unit_amount, l.tax_behavior, l.subtotal, l.tax, i.total_amount FROM finance.invoice_lines l
           JOIN finance.invoices i ON i.id = l.invoice_id WHERE i.order_id = $1`,
        [placed.orderId],
      ),
    ).toEqual([
      { unit_amount: 110_000, tax_behavior: 'inclusive', subtotal: 100_000, tax: 10_000, total_amount: 110_000 },
    ]);
  });

  it('comes to the sum of the prices whatever their taxes, beside prices that do not hold theirs', async () => {
    const products = [
      await addProduct(140_000, { taxCategory: 'luxury' }),
      await addProduct(99_999),
      await addProduct(33_333, { taxCategory: 'luxury' }),
      await addProduct(50_000, { taxBehavior: 'exclusive' }),
    ];
    const order = await viewOf((await buy(products)).orderId);
    const [luxury, plain, odd, exclusive] = order.items;

    expect(order.totalAmount).toBe(140_000 + 99_999 + 33_333 + 55_000);
    expect(order.subtotal + order.tax - order.discount).toBe(order.totalAmount);
    expect([luxury?.tax, plain?.tax, exclusive?.tax]).toEqual([40_000, 9_091, 5_000]);
    expect([luxury, plain, odd, exclusive].map((item) => (item?.subtotal ?? 0) + (item?.tax ?? 0))).toEqual([
      140_000, 99_999, 33_333, 55_000,
    ]);
    expect(exclusive?.taxBehavior).toBe('exclusive');
    expect(order.taxes.reduce((sum, { amount }) => sum + amount, 0)).toBe(order.tax);
    await noDisagreement();
  });

  it.each([
    ['after_tax', { subtotal: 100_000, tax: 10_000, discount: 11_000, totalAmount: 99_000 }, 11_000],
    ['before_tax', { subtotal: 100_000, tax: 9_000, discount: 10_000, totalAmount: 99_000 }, 10_000],
  ] as const)(
    'less a tenth %s costs a tenth less, and the code has taken 11,000',
    async (discountTiming, sums, part) => {
      const shop = await world.another({ taxBehavior: 'inclusive', discountTiming });
      const discount = { kind: 'percent', ratePpm: 100_000, basis: 'on_total', most: null } as const;
      await shop.database.withTenant(shop.company.id, (tx) =>
        createPromotion(tx, { promotion: { name: 'Tết', code: 'TET', discount }, now: shop.now }),
      );
      const placed = await buy([await addProduct(110_000, {}, shop)], { promotionCodes: ['TET'] }, shop);

      expect(await viewOf(placed.orderId, shop)).toMatchObject(sums);
      expect(
        await shop.query(
          `SELECT payload -> 'discount' AS discount FROM platform.events WHERE company_id = $1 AND type = $2`,
          [shop.company.id, 'promotion.redeemed'],
        ),
      ).toEqual([{ discount: 11_000 }]);
      expect(
        await shop.query(
          `SELECT l.promotion_discounts -> 0 -> 'amount' AS amount FROM finance.invoice_lines l
           JOIN finance.invoices i ON i.id = l.invoice_id WHERE i.order_id = $1`,
          [placed.orderId],
        ),
      ).toEqual([{ amount: part }]);
      await shop.pay(placed);
      await shop.refund(placed.payment.paymentId, 12_345);
      await shop.refund(placed.payment.paymentId, null);
      expect(
        await shop.query(
          `SELECT sum(n.subtotal)::int AS subtotal, sum(n.tax)::int AS tax, sum(n.discount)::int AS discount,
                sum(n.total_amount)::int AS total FROM finance.credit_notes n JOIN finance.invoices i ON i.id = n.invoice_id
          WHERE i.order_id = $1`,
          [placed.orderId],
        ),
      ).toEqual([{ subtotal: -sums.subtotal, tax: -sums.tax, discount: -sums.discount, total: -sums.totalAmount }]);
      await noDisagreement(shop);
    },
  );

  it('is of each currency what its price says, else what the product’s own says', async () => {
    const customerId = await reserveId(world.database, 'customer');
    await world.database.withTenant(world.company.id, (tx) =>
      createCustomer(tx, {
        id: customerId,
        name: 'Ann',
        email: 'ann@any.test',
        billingAccount: { currency: 'USD' },
        now: world.now,
      }),
    );
    const wish = { customerId, currency: 'USD', paymentMethod: 'card', paymentToken: 'tok_ok' } as const;
    const [own, other] = [
      await addProduct(110_000, { prices: [{ currency: 'USD', price: 1_100, taxBehavior: null }] }),
      await addProduct(110_000, { prices: [{ currency: 'USD', price: 1_000, taxBehavior: 'exclusive' }] }),
    ];
    const quote = (productId: number) =>
      world.database.withTenantSql(world.company.id, (tx) =>
        quotePrice(tx, { productId, quantity: 1, customerId, isEmployee: false, now: world.now }),
      );

    expect(await viewOf((await buy([own], wish)).orderId)).toMatchObject({ subtotal: 1_000, totalAmount: 1_100 });
    expect(await viewOf((await buy([other], wish)).orderId)).toMatchObject({ subtotal: 1_000, totalAmount: 1_100 });
    expect([await quote(own), await quote(other)]).toMatchObject([
      { subtotal: 1_100, taxBehavior: 'inclusive' },
      { subtotal: 1_000, taxBehavior: 'exclusive' },
    ]);
  });

  it.each(['exempt', 'reverse_charge'] as const)(
    'costs a buyer who is %s the price without the tax in it',
    async (taxStatus) => {
      const products = [await addProduct(110_000), await addProduct(140_000, { taxCategory: 'luxury' })];
      const customerId = await world.company.addCustomer();
      await world.database.withTenant(world.company.id, (tx) =>
        updateCustomer(tx, { id: customerId, changes: { taxStatus }, now: world.now }),
      );
      const order = await viewOf((await buy(products, { customerId })).orderId);

      expect(order).toMatchObject({ subtotal: 200_000, tax: 0, totalAmount: 200_000, taxes: [] });
      expect(order.items).toMatchObject([
        { price: 110_000, subtotal: 100_000 },
        { price: 140_000, subtotal: 100_000 },
      ]);
    },
  );
});
