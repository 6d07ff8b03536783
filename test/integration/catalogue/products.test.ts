import { createProduct, type NewProduct } from '../../../domain/catalogue/products/create-product';
import {
  listProducts,
  productPosition,
  type ProductFilter,
  type ProductPosition,
  type ProductSort,
  productSorts,
} from '../../../domain/catalogue/products/list-products';
import type { ProductRow } from '../../../domain/catalogue/products/product-row';
import { readProduct } from '../../../domain/catalogue/products/read-product';
import { type ProductChanges, updateProduct } from '../../../domain/catalogue/products/update-product';
import { setInventory } from '../../../domain/inventory/set-inventory';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
});

afterAll(() => world.test.drop());

const now = () => systemClock.now();
let skus = 0;
const draft = (fields: Partial<NewProduct> = {}): NewProduct => ({
  sku: `SKU-${(skus += 1)}`,
  name: 'Áo thun',
  price: 50_000,
  ...fields,
});
const create = async (fields: Partial<NewProduct> = {}, companyId?: number): Promise<ProductRow> =>
  (await world.run((tx) => createProduct(tx, { product: draft(fields), now: now() }), companyId)).product;
const update = (id: number, changes: ProductChanges, companyId?: number) =>
  world.run((tx) => updateProduct(tx, { id, changes, now: now() }), companyId);

describe('creating a product', () => {
  it("takes the company's currency unless one is named, and tells of it", async () => {
    const product = await create({ category: 'Thời trang', attributes: { size: 'M' } });
    const foreign = await create({}, world.other.id);
    const named = await create({ currency: 'EUR' });

    expect([product.currency, foreign.currency, named.currency]).toEqual(['VND', 'USD', 'EUR']);
    expect(product).toMatchObject({ status: 'active', stock: 0, description: null, attributes: { size: 'M' } });
    expect(await world.eventsOf(`product/${product.id}`)).toEqual([
      {
        type: 'product.created',
        payload: {
          id: product.id,
          sku: product.sku,
          kind: 'simple',
          bundleItems: null,
          prices: [],
          name: 'Áo thun',
          category: 'Thời trang',
          price: 50_000,
          currency: 'VND',
          taxCategory: 'standard',
          taxBehavior: null,
          status: 'active',
        },
      },
    ]);
  });

  it('is done once when it is repeated with its reserved id, also at once', async () => {
    const id = await world.nextId('product');
    const product = draft({ id });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => world.run((tx) => createProduct(tx, { product, now: now() }))),
    );

    expect(outcomes.filter((outcome) => outcome.isNew)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => outcome.product.id))).toEqual(new Set([id]));
    expect(await world.eventsOf(`product/${id}`)).toHaveLength(1);
  });

  it('refuses a SKU that is taken, and says by what', async () => {
    const first = await create({ sku: 'TAKEN' });
    await expect(create({ sku: 'TAKEN' })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/sku',
      params: { existingId: first.id },
    });

    await update(first.id, { status: 'archived' });
    await expect(create({ sku: 'TAKEN' })).rejects.toThrow(/archived/);
    await expect(create({ sku: 'TAKEN' }, world.other.id)).resolves.toMatchObject({ sku: 'TAKEN' });
  });

  it('gives a SKU to one of many who want it at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => create({ sku: 'WANTED' })));

    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('changing a product', () => {
  it('tells what changed and what it was', async () => {
    const { id } = await create();
    await update(id, { price: 45_000, name: 'Áo thun' });
    const [, event] = await world.eventsOf(`product/${id}`);

    expect(event).toMatchObject({
      type: 'product.updated',
      payload: { id, price: 45_000, changed: ['price'], previous: { price: 50_000, currency: 'VND' } },
    });
  });

  it('writes nothing without a change', async () => {
    const { id, updatedAt } = await create({ attributes: { a: 1, b: { c: 2, d: 3 } } });
    const after = await update(id, { price: 50_000, attributes: { b: { d: 3, c: 2 }, a: 1 }, description: null });

    expect(after.updatedAt).toEqual(updatedAt);
    expect(await world.eventsOf(`product/${id}`)).toHaveLength(1);
  });

  it('replaces attributes and empties what is sent as null', async () => {
    const { id } = await create({ attributes: { size: 'M' }, category: 'A', description: 'x' });
    const after = await update(id, { attributes: { colour: 'đỏ' }, category: null, description: null });

    expect(after).toMatchObject({ attributes: { colour: 'đỏ' }, category: null, description: null });
  });

  it('is searched by its new name', async () => {
    const { id } = await create();
    await update(id, { name: 'Nón bảo hiểm' });
    const found = await world.run((tx) =>
      listProducts(tx, {
        filter: { statuses: ['active'], q: 'non bao hiem' },
        sort: 'newest',
        after: null,
        limit: 10,
      }),
    );

    expect(found.map((product) => product.id)).toEqual([id]);
  });

  it('refuses a taken SKU, a currency without its price, and what is not there', async () => {
    const [first, second] = [await create(), await create()];

    await expect(update(second.id, { sku: first.sku })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/sku',
    });
    await expect(update(first.id, { currency: 'USD' })).rejects.toMatchObject({ field: '/price' });
    await expect(update(first.id, { currency: 'USD', price: 199 })).resolves.toMatchObject({
      currency: 'USD',
      price: 199,
    });
    await expect(update(first.id, { price: 1 }, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('keeps every one of 20 changes at once, in the order of their events', async () => {
    const { id } = await create();
    await Promise.all(Array.from({ length: 20 }, (_, nth) => update(id, { price: 1_000 + nth })));
    const events = (await world.eventsOf(`product/${id}`)).slice(1);
    const previous = events.map((event) => (event.payload['previous'] as { price: number }).price);
    const prices = events.map((event) => event.payload['price'] as number);

    expect(previous).toEqual([50_000, ...prices.slice(0, -1)]);
    expect((await world.run((tx) => readProduct(tx, id))).price).toBe(prices.at(-1));
  });

  it('begins from the prices that a change before it has left, though it came while that was under way', async () => {
    const { id } = await create();
    const usd = [{ currency: 'USD', price: 199 }];
    const after = await world.oneBehindTheOther(
      (tx) => updateProduct(tx, { id, changes: { prices: usd }, now: now() }),
      (tx) => updateProduct(tx, { id, changes: { prices: [] }, now: now() }),
    );

    expect(after.prices).toEqual([]);
    expect((await world.run((tx) => readProduct(tx, id))).prices).toEqual([]);
  });

  it('does not wait for an order that is naming the product', async () => {
    const { id } = await create();

    await world.run(async (tx) => {
      // What a foreign-key check of an order line holds.
      await tx.orm.$executeRaw`SELECT FROM product.products WHERE id = ${id} FOR KEY SHARE`;
      await expect(update(id, { price: 7 })).resolves.toMatchObject({ price: 7 });
    });
  });
});

describe('listing products', () => {
  const list = async (filter: Partial<ProductFilter>, sort: ProductSort = 'newest'): Promise<string[]> => {
    const rows = await world.run(
      (tx) => listProducts(tx, { filter: { statuses: ['active'], ...filter }, sort, after: null, limit: 100 }),
      shop,
    );

    return rows.map((row) => row.sku);
  };
  let shop: number;

  beforeAll(async () => {
    shop = world.other.id;
    const add = (sku: string, name: string, price: number, fields: Partial<NewProduct> = {}) =>
      create({ sku, name, price, category: 'L', ...fields }, shop);
    await add('L1', 'Áo thun trắng', 300);
    await add('L2', 'Ấm trà', 100, { category: 'Bếp' });
    await add('L3', 'Ao ước', 200, { currency: 'EUR' });
    const gone = await add('L4', 'Áo khoác 100%', 200);
    await add('L5', 'Ăn vặt', 200);
    await update(gone.id, { status: 'archived' }, shop);
    const white = (await list({ sku: 'L1' })).length;
    expect(white).toBe(1);
    const [stocked] = await world.run(
      (tx) => listProducts(tx, { filter: { statuses: ['active'], sku: 'L2' }, sort: 'newest', after: null, limit: 1 }),
      shop,
    );
    await world.run(
      (tx) => setInventory(tx, { productId: stocked?.id as number, quantity: 3, userId: null, now: now() }),
      shop,
    );
  });

  const mine = (skusFound: string[]) => skusFound.filter((sku) => /^L\d/.test(sku));

  it.each<[string, Partial<ProductFilter>, string[]]>([
    ['all that is active, newest first', {}, ['L5', 'L3', 'L2', 'L1']],
    ['archived ones', { statuses: ['archived'] }, ['L4']],
    ['words without diacritics', { q: 'AO' }, ['L3', 'L1']],
    ['every word', { q: 'trang ao' }, ['L1']],
    ['the SKU as a word', { q: 'l2' }, ['L2']],
    ['no wildcards', { q: '%', statuses: ['active', 'archived'] }, ['L4']],
    ['a category', { category: 'Bếp' }, ['L2']],
    ['a category in capitals', { category: 'BẾP' }, ['L2']],
    ['a category without diacritics', { category: 'bep' }, ['L2']],
    ['no part of a category', { category: 'be' }, []],
    ['a currency', { currency: 'EUR' }, ['L3']],
    ['a range of prices', { minPrice: 200, maxPrice: 250 }, ['L5', 'L3']],
    ['what can be ordered', { inStock: true }, ['L2']],
    ['what is sold out', { inStock: false }, ['L5', 'L3', 'L1']],
    ['several at once', { q: 'ao', currency: 'USD', maxPrice: 300 }, ['L1']],
  ])('finds %s', async (_name, filter, expected) => {
    expect(mine(await list(filter))).toEqual(expected);
  });

  it('orders by price both ways and by name without regard to diacritics', async () => {
    expect(mine(await list({}, 'price'))).toEqual(['L2', 'L3', 'L5', 'L1']);
    expect(mine(await list({}, '-price'))).toEqual(['L1', 'L5', 'L3', 'L2']);
    expect(mine(await list({}, 'name'))).toEqual(['L2', 'L5', 'L1', 'L3']);
  });

  it('goes by the price in the currency that is asked for, its own or another', async () => {
    const priced = (sku: string, price: number, currency: string, prices: NewProduct['prices'] = []) =>
      create({ sku, name: `Mũ ${sku}`, price, currency, prices, category: 'M' }, shop);
    await priced('M1', 300, 'EUR');
    await priced('M2', 90_000, 'VND', [{ currency: 'EUR', price: 400 }]);
    await priced('M3', 120_000, 'VND', [
      { currency: 'EUR', price: 200 },
      { currency: 'USD', price: 250 },
    ]);
    await priced('M4', 100_000, 'VND');
    const inEuro = (filter: Partial<ProductFilter>, sort?: ProductSort) =>
      list({ category: 'M', currency: 'EUR', ...filter }, sort);

    expect(await inEuro({})).toEqual(['M3', 'M2', 'M1']);
    expect(await inEuro({}, 'price')).toEqual(['M3', 'M1', 'M2']);
    expect(await inEuro({}, '-price')).toEqual(['M2', 'M1', 'M3']);
    expect(await inEuro({}, 'name')).toEqual(['M1', 'M2', 'M3']);
    expect(await inEuro({ minPrice: 250, maxPrice: 350 })).toEqual(['M1']);
    expect(await inEuro({ minPrice: 400 })).toEqual(['M2']);
    expect(await inEuro({ currency: 'USD' })).toEqual(['M3']);
    expect(await list({ category: 'M', minPrice: 95_000 })).toEqual(['M4', 'M3']);
    const pages = async (sort: ProductSort) => {
      const walked: string[] = [];

      for (let after: ProductPosition | null = null; walked.length < 10;) {
        const filter = { statuses: ['active' as const], category: 'M', currency: 'EUR' };
        const [row]: ProductRow[] = await world.run((tx) => listProducts(tx, { filter, sort, after, limit: 1 }), shop);

        if (row === undefined) {
          break;
        }
        walked.push(row.sku);
        after = productPosition(row, sort, 'EUR');
      }

      return walked;
    };

    for (const sort of productSorts) {
      expect(await pages(sort)).toEqual(await inEuro({}, sort));
    }
  });

  it.each(productSorts)('walks every product once in pages, ordered by %s, while others are added', async (sort) => {
    const before = await list({}, sort);
    const walked: string[] = [];
    let after: ProductPosition | null = null;

    for (;;) {
      const rows: ProductRow[] = await world.run(
        (tx) => listProducts(tx, { filter: { statuses: ['active'] }, sort, after, limit: 2 }),
        shop,
      );
      const last = rows.at(-1);

      if (last === undefined) {
        break;
      }
      walked.push(...rows.map((row) => row.sku));
      after = productPosition(last, sort);
      await create({ name: 'Áo mới', price: 200 }, shop);

      if (walked.length > 200) {
        break;
      }
    }

    const found = walked.filter((sku) => before.includes(sku));
    expect(found).toEqual(before);
    expect(new Set(walked).size).toBe(walked.length);
  });
});
