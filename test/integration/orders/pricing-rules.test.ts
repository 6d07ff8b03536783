import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { quotePrice } from '../../../domain/catalogue/pricing-rules/quote-price';
import {
  createPricingRule,
  type NewPricingRule,
  type PricingRuleChanges,
  updatePricingRule,
} from '../../../domain/catalogue/pricing-rules/write-pricing-rule';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { updateCustomer } from '../../../domain/customers/update-customer';
import { openOrderWorld, type OrderWorld, refusalOf } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld({ settings: { taxRatePpm: 100_000 } });
});

afterAll(() => world?.close());

const percent = (ratePpm: number, minQuantity = 1) => ({
  minQuantity,
  reduction: { kind: 'percent' as const, ratePpm },
});
const run = <Result>(work: Parameters<OrderWorld['database']['withTenant']>[1]) =>
  world.database.withTenant(world.company.id, work) as Promise<Result>;

async function addRule(rule: Partial<NewPricingRule>): Promise<number> {
  const id = await reserveId(world.database, 'pricingRule');
  await run((tx) =>
    createPricingRule(tx, { rule: { id, name: `Quy tắc ${id}`, tiers: [percent(100_000)], ...rule }, now: world.now }),
  );

  return id;
}

const changeRule = (id: number, changes: PricingRuleChanges) =>
  run((tx) => updatePricingRule(tx, { id, changes, now: world.now }));
const only = (...productIds: number[]) => ({ productIds, categories: [], segments: [] });

/** What the quote says, after a look that the order says the same. */
async function priceOf(productId: number, quantity: number, customerId = world.customerId) {
  const quote = await world.database.withTenantSql(world.company.id, (tx) =>
    quotePrice(tx, { productId, quantity, customerId, isEmployee: false, now: world.now }),
  );
  const placed = await world.place({ customerId, items: [{ productId, quantity, price: quote.price }] });
  const { items } = await world.read(placed.orderId);
  expect(items).toMatchObject([
    { price: quote.price, listPrice: quote.listPrice, pricingRule: quote.pricingRule, subtotal: quote.subtotal },
  ]);

  return quote;
}

describe('a pricing rule', () => {
  it('makes the price of an order, its line shows both prices and the rule, and the quote says the same', async () => {
    const product = await world.addProduct({ price: 50_000 });
    const id = await addRule({ appliesTo: only(product), tiers: [percent(50_000, 3), percent(100_000, 10)] });

    expect(await priceOf(product, 2)).toMatchObject({ price: 50_000, pricingRule: null });
    expect(await priceOf(product, 3)).toMatchObject({ listPrice: 50_000, price: 47_500, pricingRule: { id } });
    expect(await priceOf(product, 10)).toMatchObject({ price: 45_000, subtotal: 450_000 });
  });

  it('counts the units of all lines of a product, and is taxed at its price', async () => {
    const product = await world.addProduct({ price: 50_000 });
    await addRule({ appliesTo: only(product), tiers: [percent(100_000, 4)] });
    const items = [1, 3].map((quantity) => ({ productId: product, quantity }));
    const order = await world.read((await world.place({ items })).orderId);

    expect(order).toMatchObject({ subtotal: 180_000, tax: 18_000, items: [{ price: 45_000 }, { price: 45_000 }] });
  });

  it('of percentages that were amounts before holds for any currency', async () => {
    const product = await world.addProduct({ price: 1_000, currency: 'USD' });
    const amount = { minQuantity: 1, reduction: { kind: 'amount' as const, amount: 10 } };
    const id = await addRule({ appliesTo: only(product), tiers: [amount] });
    const quoted = () =>
      world.database.withTenantSql(world.company.id, (tx) =>
        quotePrice(tx, { productId: product, quantity: 1, customerId: null, isEmployee: false, now: world.now }),
      );

    expect(await quoted()).toMatchObject({ currency: 'USD', price: 1_000 });
    expect(await changeRule(id, { tiers: [percent(100_000)] })).toMatchObject({ currency: null });
    expect(await quoted()).toMatchObject({ currency: 'USD', price: 900, pricingRule: { id } });
    expect(await changeRule(id, { tiers: [amount] })).toMatchObject({ currency: 'VND' });
  });

  it('holds for its segment, category and time only', async () => {
    const product = await world.addProduct({ price: 100_000 });
    await run((tx) => updateProduct(tx, { id: product, changes: { category: 'Điện tử' }, now: world.now }));
    const dealer = await world.company.addCustomer();
    await run((tx) => updateCustomer(tx, { id: dealer, changes: { segment: 'dealer' }, now: world.now }));
    const id = await addRule({
      appliesTo: { productIds: [], categories: ['dien TU'], segments: ['dealer'] },
      tiers: [{ minQuantity: 1, reduction: { kind: 'amount', amount: 30_000 } }],
      startsAt: world.now,
      endsAt: new Date(world.now.getTime() + 1),
    });

    expect((await priceOf(product, 1, dealer)).price).toBe(70_000);
    expect((await priceOf(product, 1)).price).toBe(100_000);
    await changeRule(id, { startsAt: new Date(world.now.getTime() + 1), endsAt: null });
    expect((await priceOf(product, 1, dealer)).price).toBe(100_000);
    await changeRule(id, { startsAt: null, endsAt: world.now });
    expect((await priceOf(product, 1, dealer)).price).toBe(100_000);
  });

  it('leaves orders that are placed as they are, and holds no more once it is archived', async () => {
    const product = await world.addProduct({ price: 50_000 });
    const id = await addRule({ appliesTo: only(product) });
    const { orderId } = await world.place({ items: [{ productId: product, quantity: 1 }] });
    await changeRule(id, { status: 'archived', name: 'Hết' });

    expect((await world.read(orderId)).items[0]).toMatchObject({
      price: 45_000,
      pricingRule: { id, name: `Quy tắc ${id}` },
    });
    expect((await priceOf(product, 1)).price).toBe(50_000);
  });

  it('decides what price may be sent with an order', async () => {
    const product = await world.addProduct({ price: 50_000 });
    await addRule({ appliesTo: only(product) });

    expect(await world.tryPlace({ items: [{ productId: product, quantity: 1, price: 50_000 }] })).toMatchObject({
      kind: 'refused',
      error: { code: 'price_mismatch', field: '/items/0/price', params: { lines: [{ price: 45_000 }] } },
    });
  });

  it('of another company holds for nobody here', async () => {
    const other = await world.another();
    const id = await reserveId(world.database, 'pricingRule');
    await other.database.withTenant(other.company.id, (tx) =>
      createPricingRule(tx, { rule: { id, name: 'Theirs', tiers: [percent(500_000)] }, now: world.now }),
    );

    expect((await priceOf(await world.addProduct({ price: 50_000 }), 1)).price).toBe(50_000);
    const theirs = await other.addProduct();
    expect(await refusalOf(addRule({ appliesTo: only(theirs) }))).toBe('validation_failed /appliesTo/productIds/0');
    expect(await refusalOf(changeRule(id, { name: 'Ours' }))).toBe('not_found');
  });

  it('is made once under its id, and tells of each change once', async () => {
    const rule = { id: await reserveId(world.database, 'pricingRule'), name: 'Once', tiers: [percent(1, 1_000)] };
    await Promise.all([1, 2, 3].map(() => addRule(rule)));
    await changeRule(rule.id, { name: 'Twice' });
    await changeRule(rule.id, { name: 'Twice' });

    expect(await world.events(`pricing_rule/${rule.id}`)).toEqual(['pricing_rule.created', 'pricing_rule.updated']);
  });

  it('is refused with tiers, times or a currency that cannot be', async () => {
    expect(await refusalOf(addRule({ tiers: [percent(1, 5), percent(2, 5)] }))).toBe(
      'validation_failed /tiers/1/minQuantity',
    );
    expect(await refusalOf(addRule({ startsAt: world.now, endsAt: world.now }))).toBe('validation_failed /endsAt');
    const fixed = await addRule({
      appliesTo: only(await world.addProduct()),
      tiers: [{ minQuantity: 1, reduction: { kind: 'fixed', price: 1 } }],
    });
    expect(await refusalOf(changeRule(fixed, { currency: 'USD' }))).toBe('validation_failed /currency');
  });
});
