import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { quotePrice } from '../../../domain/catalogue/pricing-rules/quote-price';
import { createProduct } from '../../../domain/catalogue/products/create-product';
import { readProduct } from '../../../domain/catalogue/products/read-product';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { setInventory } from '../../../domain/inventory/set-inventory';
import { expectBalancedBooks } from './expect-balanced-books';
import { codeOf, openOrderWorld, type OrderWorld, refusalOf } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

type Items = { productId: number; quantity: number }[];

async function addBundle(bundleItems: Items, price = 100_000, of = world): Promise<number> {
  const id = await reserveId(of.database, 'product');
  await of.database.withTenant(of.company.id, (tx) =>
    createProduct(tx, { product: { id, sku: `SKU-${id}`, name: `Bộ ${id}`, price, bundleItems }, now: of.now }),
  );

  return id;
}

const change = (id: number, changes: Parameters<typeof updateProduct>[1]['changes']) =>
  world.database.withTenant(world.company.id, (tx) => updateProduct(tx, { id, changes, now: world.now }));
const product = (id: number) => world.database.withTenantSql(world.company.id, (tx) => readProduct(tx, id));

/** Two units of a cup, one of a pot. */
async function teaSet(stock: { cups: number; pots: number }) {
  const cup = await world.addProduct({ stock: stock.cups, price: 20_000 });
  const pot = await world.addProduct({ stock: stock.pots, price: 90_000 });
  const bundle = await addBundle([
    { productId: cup, quantity: 2 },
    { productId: pot, quantity: 1 },
  ]);

  return { cup, pot, bundle };
}

describe('a bundle', () => {
  it('has as many as the least of its parts makes up, and shows them', async () => {
    const { cup, pot, bundle } = await teaSet({ cups: 7, pots: 5 });

    expect(await product(bundle)).toMatchObject({
      kind: 'bundle',
      stock: 3,
      bundleItems: [
        { productId: cup, quantity: 2, available: 7, status: 'active' },
        { productId: pot, quantity: 1, available: 5 },
      ],
    });
    await change(pot, { status: 'archived' });
    expect(await product(bundle)).toMatchObject({ stock: 0 });
    expect(await product(cup)).toMatchObject({ kind: 'simple', bundleItems: null });
  });

  it('is one line of an order at its own price, and takes its parts from stock', async () => {
    const { cup, pot, bundle } = await teaSet({ cups: 10, pots: 10 });
    const placed = await world.place({
      items: [
        { productId: bundle, quantity: 2, price: 100_000 },
        { productId: cup, quantity: 3 },
      ],
    });
    const order = await world.read(placed.orderId);

    expect(order).toMatchObject({ subtotal: 260_000, items: [{ productId: bundle, quantity: 2, price: 100_000 }, {}] });
    expect(order.items[0]?.bundleItems).toEqual([
      { productId: cup, sku: `SKU-${cup}`, name: expect.any(String), quantity: 2 },
      { productId: pot, sku: `SKU-${pot}`, name: expect.any(String), quantity: 1 },
    ]);
    expect(order.items[1]?.bundleItems).toBeNull();
    expect(await world.stock(cup)).toMatchObject({ quantity: 10, reserved: 7 });
    expect(await world.stock(pot)).toMatchObject({ quantity: 10, reserved: 2 });

    await change(bundle, { bundleItems: [{ productId: pot, quantity: 4 }] });
    await world.pay(placed);
    expect(await world.stock(cup)).toMatchObject({ quantity: 3, reserved: 0 });
    expect(await world.stock(pot)).toMatchObject({ quantity: 8, reserved: 0 });
    expect((await world.read(placed.orderId)).items[0]?.bundleItems).toHaveLength(2);
  });

  it.each([false, true])('gives its parts back when its order is cancelled, paid: %s', async (isPaid) => {
    const { cup, pot, bundle } = await teaSet({ cups: 4, pots: 4 });
    const placed = await world.place({ items: [{ productId: bundle, quantity: 2 }] });

    if (isPaid) {
      await world.pay(placed);
    }
    await world.steps.cancelOrder({
      companyId: world.company.id,
      orderId: placed.orderId,
      reason: 'test',
      cause: 'request',
    });

    expect(await world.stock(cup)).toEqual({ quantity: 4, reserved: 0, available: 4 });
    expect(await world.stock(pot)).toEqual({ quantity: 4, reserved: 0, available: 4 });
    expect((await product(bundle)).stock).toBe(2);
  });

  it('is refused with the parts that are short, counted with lines of the parts, and nothing is held', async () => {
    const { cup, pot, bundle } = await teaSet({ cups: 5, pots: 9 });
    const placement = await world.tryPlace({
      items: [
        { productId: bundle, quantity: 2 },
        { productId: cup, quantity: 2 },
      ],
    });

    expect(placement).toMatchObject({
      kind: 'refused',
      error: { code: 'out_of_stock', params: { lines: [{ productId: cup, requested: 6, available: 5 }] } },
    });
    expect(await world.stock(pot)).toMatchObject({ reserved: 0 });
  });

  it('is refused of more than any stock can be, as out of stock', async () => {
    const cup = await world.addProduct({ stock: 5 });
    const bundle = await addBundle([{ productId: cup, quantity: 10_000 }], 1);
    const items = Array.from({ length: 5 }, () => ({ productId: bundle, quantity: 100_000 }));

    expect(codeOf(await world.tryPlace({ items }))).toBe('out_of_stock');
  });

  it('is not sold while one of its parts is not, which is named', async () => {
    const { pot, bundle } = await teaSet({ cups: 5, pots: 5 });
    await change(pot, { status: 'archived' });

    expect(await world.tryPlace({ items: [{ productId: bundle, quantity: 1 }] })).toMatchObject({
      kind: 'refused',
      error: { code: 'product_archived', field: '/items/0/productId', params: { productId: bundle, partId: pot } },
    });
    // Nor is a price named for it, but to those who may bring the part back.
    const quote = (isEmployee: boolean) =>
      world.database.withTenantSql(world.company.id, (tx) =>
        quotePrice(tx, { productId: bundle, quantity: 1, customerId: null, isEmployee, now: world.now }),
      );
    await expect(quote(false)).rejects.toMatchObject({
      code: 'product_archived',
      params: { productId: bundle, partId: pot },
    });
    await expect(quote(true)).resolves.toMatchObject({ price: 100_000 });
  });

  it('tells of low stock of its parts', async () => {
    const cup = await world.addProduct({ stock: 5, reorderLevel: 3 });
    const bundle = await addBundle([{ productId: cup, quantity: 2 }]);
    await world.place({ items: [{ productId: bundle, quantity: 1 }] });

    expect(await world.events(`inventory/${cup}`)).toContain('inventory.low_stock');
  });

  it('oversells nothing when bundles and their parts are bought at once', async () => {
    const { cup, pot, bundle } = await teaSet({ cups: 20, pots: 8 });
    const wishes = Array.from({ length: 24 }, (_, index) => [
      { productId: index % 3 === 0 ? cup : bundle, quantity: 1 },
      ...(index % 4 === 0 ? [{ productId: pot, quantity: 1 }] : []),
    ]);
    const placements = await Promise.all(wishes.map((items) => world.tryPlace({ items })));
    const [cups, pots] = [await world.stock(cup), await world.stock(pot)];

    expect(new Set(placements.map((placement) => codeOf(placement as never) ?? 'placed'))).toEqual(
      new Set(['placed', 'out_of_stock']),
    );
    expect(Math.min(cups.available, pots.available)).toBeGreaterThanOrEqual(0);
    // What is placed and what is held agree, part by part.
    const held = placements.flatMap((placement, index) => (placement.kind === 'placed' ? wishes[index]! : []));
    const count = (id: number) => held.filter(({ productId }) => productId === id).length;
    expect(cups.reserved).toBe(count(bundle) * 2 + count(cup));
    expect(pots.reserved).toBe(count(bundle) + count(pot));
  });

  it('has no stock of its own', async () => {
    const { bundle } = await teaSet({ cups: 1, pots: 1 });
    const set = world.database.withTenantSql(world.company.id, (tx) =>
      setInventory(tx, { productId: bundle, quantity: 5, userId: null, now: world.now }),
    );

    expect(await refusalOf(set)).toBe('bundle_without_stock');
  });

  it('is refused with parts that do not exist, are of another company, bundles or itself, or named twice', async () => {
    const { cup, bundle } = await teaSet({ cups: 1, pots: 1 });
    const theirs = await (await world.another()).addProduct();
    const before = await world.query('SELECT count(*) FROM product.products');
    const wrong: [number, string][] = [
      [999_999_999, 'product_not_found /bundleItems/1/productId'],
      [theirs, 'product_not_found /bundleItems/1/productId'],
      [bundle, 'bundle_nested /bundleItems/1/productId'],
      [cup, 'validation_failed /bundleItems/1/productId'],
    ];

    for (const [productId, expected] of wrong) {
      const items = [
        { productId: cup, quantity: 1 },
        { productId, quantity: 1 },
      ];
      expect(await refusalOf(addBundle(items))).toBe(expected);
      expect(await refusalOf(change(bundle, { bundleItems: items }))).toBe(expected);
    }
    expect(await refusalOf(change(cup, { bundleItems: [{ productId: bundle, quantity: 1 }] }))).toBe(
      'validation_failed /bundleItems',
    );
    expect(await world.query('SELECT count(*) FROM product.products')).toEqual(before);
    expect((await product(bundle)).bundleItems).toHaveLength(2);
  });

  it('leaves the books balanced', async () => {
    const [received] = await world.query<{ sum: number }>(
      'SELECT coalesce(sum(paid_amount), 0)::bigint AS sum FROM finance.payments WHERE company_id = $1',
      [world.company.id],
    );
    await expectBalancedBooks(world, received!.sum);
  });
});
