import { createTaxRate } from '../../../domain/catalogue/tax-rates/create-tax-rate';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { viewOrder } from '../../../domain/orders/order-view';
import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { invoicesThatDisagree } from './expect-balanced-books';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();

  for (const fields of [
    { code: 'VAT', name: 'GTGT 8 %', ratePpm: 80_000, validUntil: '2026-12-31' },
    { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000, validFrom: '2027-01-01' },
    { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000, taxCategory: 'luxury' },
    { code: 'SCT', name: 'TTĐB', ratePpm: 300_000, taxCategory: 'luxury' },
    { code: 'VAT', name: 'GTGT 0 %', ratePpm: 0, taxCategory: 'exports' },
    { code: 'VAT', name: 'GTGT 5 %', ratePpm: 50_000, taxCategory: 'ended', validUntil: '2020-12-31' },
  ]) {
    const taxRate = { ...fields, id: await reserveId(world.database, 'taxRate') };
    await world.database.withTenant(world.company.id, (tx) => createTaxRate(tx, { taxRate, now: world.now }));
  }
});
afterAll(() => world?.close());

const addProduct = async (taxCategory: string, price = 50_000) => {
  const id = await world.addProduct({ price, stock: 50 });
  await world.database.withTenant(world.company.id, (tx) =>
    updateProduct(tx, { id, changes: { taxCategory }, now: world.now }),
  );

  return id;
};
const viewOf = async (orderId: number) => viewOrder(await world.read(orderId));
const buy = async (...products: number[]) =>
  world.place({ items: products.map((productId) => ({ productId, quantity: 1 })) });

describe('an order', () => {
  it('is taxed by the category of each product, with several taxes side by side', async () => {
    const products = [await addProduct('luxury', 1_000_000), await addProduct('standard'), await addProduct('exports')];
    const placed = await buy(...products);
    const order = await viewOf(placed.orderId);

    expect(order).toMatchObject({ subtotal: 1_100_000, tax: 404_000, totalAmount: 1_504_000 });
    expect(order.items.map(({ tax }) => tax)).toEqual([400_000, 4_000, 0]);
    expect(order.taxes).toEqual([
      { code: 'SCT', name: 'TTĐB', ratePpm: 300_000, base: 1_000_000, amount: 300_000 },
      { code: 'VAT', name: 'GTGT 0 %', ratePpm: 0, base: 50_000, amount: 0 },
      { code: 'VAT', name: 'GTGT 8 %', ratePpm: 80_000, base: 50_000, amount: 4_000 },
      { code: 'VAT', name: 'GTGT 10 %', ratePpm: 100_000, base: 1_000_000, amount: 100_000 },
    ]);
  });

  it('is taxed by the day in the company’s zone: 8 % on New Year’s Eve in Hà Nội, 10 % an hour later', async () => {
    const { now } = world;
    const product = await addProduct('standard', 100_000);

    for (const [at, tax] of [
      ['2026-12-31T16:59:59Z', 8_000],
      ['2026-12-31T17:00:00Z', 10_000],
    ] as const) {
      world.now = new Date(at);
      expect(await viewOf((await buy(product)).orderId)).toMatchObject({ tax, totalAmount: 100_000 + tax });
    }
    world.now = now;
  });

  it('of a category without a rate on its day bears the company’s own', async () => {
    const order = await viewOf((await buy(await addProduct('ended'))).orderId);

    expect(order.taxes).toEqual([{ code: null, name: null, ratePpm: 100_000, base: 50_000, amount: 5_000 }]);
  });

  it('gives each tax back with its refunds, to the last unit', async () => {
    const placed = await buy(await addProduct('luxury', 99_999), await addProduct('standard', 33_333));
    await world.pay(placed);
    const { totalAmount, taxes } = await viewOf(placed.orderId);
    await world.refund(placed.payment.paymentId, 12_345);
    await world.refund(placed.payment.paymentId, totalAmount - 12_345);
    const lines = await world.query<{ tax: number; taxes: { code: string; ratePpm: number; amount: number }[] }>(
      `SELECT n.tax, n.taxes FROM finance.credit_note_lines n JOIN finance.credit_notes c ON c.id = n.credit_note_id
         JOIN finance.invoices i ON i.id = c.invoice_id WHERE i.order_id = $1`,
      [placed.orderId],
    );
    const givenBack = (code: string, ratePpm: number) =>
      lines
        .flatMap((line) => line.taxes)
        .filter((one) => one.code === code && one.ratePpm === ratePpm)
        .reduce((sum, { amount }) => sum - amount, 0);

    expect(lines.every((line) => line.taxes.reduce((sum, { amount }) => sum + amount, 0) === line.tax)).toBe(true);
    expect(taxes.map(({ code, ratePpm }) => givenBack(code as string, ratePpm))).toEqual(
      taxes.map(({ amount }) => amount),
    );
    expect(await world.query(invoicesThatDisagree, [world.company.id])).toEqual([]);
  });
});
