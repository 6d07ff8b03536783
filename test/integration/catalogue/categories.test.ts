import { createCategory } from '../../../domain/catalogue/categories/create-category';
import { listCategories, readCategory } from '../../../domain/catalogue/categories/read-category';
import { type CategoryChanges, updateCategory } from '../../../domain/catalogue/categories/update-category';
import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { createProduct } from '../../../domain/catalogue/products/create-product';
import { listProducts } from '../../../domain/catalogue/products/list-products';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { systemClock } from '../../../platform/clock';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;
let made = 0;

beforeAll(async () => {
  world = await openCatalogueWorld();
});
afterAll(() => world.test.drop());

const now = systemClock.now();
const add = (category: string | null, companyId?: number) =>
  world.run(async (tx) => {
    const product = { sku: `C-${(made += 1)}`, name: `Hàng ${made}`, price: 1_000, category };

    return (await createProduct(tx, { product, now })).product;
  }, companyId);
const named = async (name: string, companyId?: number) =>
  (
    await world.run(
      (tx) => listCategories(tx, { statuses: ['active', 'archived'], q: name, after: 0, limit: 10 }),
      companyId,
    )
  ).map(({ id, name: written, status }) => ({ id, name: written, status }));
const update = (id: number, changes: CategoryChanges) => world.run((tx) => updateCategory(tx, { id, changes, now }));

describe('a category of products', () => {
  it('is made by the first product that names it, once, and is the one of all that write it so or otherwise', async () => {
    const products = await Promise.all(['Đồ gốm', 'đồ gốm', 'DO GOM', 'Đồ  gốm', 'do gom'].map((name) => add(name)));
    const [first] = await named('gốm');

    expect(await named('gốm')).toHaveLength(1);
    expect(new Set(products.map(({ categoryId, category }) => `${categoryId} ${category}`))).toEqual(
      new Set([`${first?.id} ${first?.name}`]),
    );
    expect((await world.eventsOf(`category/${first?.id}`)).map(({ type }) => type)).toEqual(['category.created']);
    expect(await named('gốm', world.other.id)).toEqual([]);
    expect(await add('Đồ gốm', world.other.id)).not.toMatchObject({ categoryId: first?.id });
  });

  it('begins from the features that a change before it has left, though it came while that was under way', async () => {
    await world.run((tx) => createFeature(tx, { feature: { code: 'foldable', name: 'Gấp được' }, now }));
    const { id } = await world.run((tx) => createCategory(tx, { category: { name: 'Ghế' }, now }));
    const after = await world.oneBehindTheOther(
      (tx) => updateCategory(tx, { id, changes: { features: ['foldable'] }, now }),
      (tx) => updateCategory(tx, { id, changes: { features: [] }, now }),
    );

    expect(after.features).toEqual([]);
    expect((await world.run((tx) => readCategory(tx, id))).features).toEqual([]);
  });

  it('has features, which its products are told to have, and keeps none of those that are unknown', async () => {
    await world.run((tx) => createFeature(tx, { feature: { code: 'washable', name: 'Washable' }, now }));
    await world.run((tx) => createFeature(tx, { feature: { code: 'food_safe', name: 'Food safe' }, now }));
    const features = ['washable', 'food_safe', 'washable'];
    const { id } = await world.run((tx) => createCategory(tx, { category: { name: 'Bát đĩa', features }, now }));
    expect(await world.run((tx) => readCategory(tx, id))).toMatchObject({ features: ['food_safe', 'washable'] });
    await expect(update(id, { features: ['washable', 'none'] })).rejects.toMatchObject({ field: '/features/1' });
    expect(await update(id, { features: ['food_safe', 'washable'] })).toMatchObject({ updatedAt: now });
    expect(await update(id, { features: ['washable'] })).toMatchObject({ features: ['washable'] });

    expect((await world.eventsOf(`category/${id}`)).map(({ type, payload }) => [type, payload['changed']])).toEqual([
      ['category.created', undefined],
      ['category.updated', ['features']],
    ]);
  });

  it('is written otherwise with all of its products, and is not made another one', async () => {
    const product = await add('noi that');
    const id = product.categoryId ?? 0;
    await expect(update(id, { name: 'Nội thất gỗ' })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/name',
    });
    expect(await update(id, { name: 'Nội thất' })).toMatchObject({ name: 'Nội thất' });
    const found = await world.run((tx) =>
      listProducts(tx, {
        filter: { statuses: ['active'], category: 'Nội thất' },
        sort: 'newest',
        after: null,
        limit: 5,
      }),
    );

    expect(found.map(({ id: of, category }) => ({ of, category }))).toEqual([{ of: product.id, category: 'Nội thất' }]);
  });

  it('that is archived keeps its products, and takes no other', async () => {
    const product = await add('Đồ cũ');
    const other = await add(null);
    await update(product.categoryId ?? 0, { status: 'archived' });

    await expect(add('đồ cũ')).rejects.toMatchObject({ code: 'validation_failed', field: '/category' });
    const into = (category: string | null) =>
      world.run((tx) => updateProduct(tx, { id: other.id, changes: { category }, now }));
    await expect(into('Đồ cũ')).rejects.toMatchObject({ field: '/category' });
    expect(await into('Đồ mới')).toMatchObject({ category: 'Đồ mới', categoryId: expect.any(Number) });
    const told = await world.eventsOf(`product/${other.id}`);
    expect(await into('ĐỒ MỚI')).toMatchObject({ category: 'Đồ mới' });
    expect(await world.eventsOf(`product/${other.id}`)).toEqual(told);
    expect(await into(null)).toMatchObject({ category: null, categoryId: null });
    expect(await world.run((tx) => updateProduct(tx, { id: product.id, changes: { price: 7 }, now }))).toMatchObject({
      category: 'Đồ cũ',
      categoryId: product.categoryId,
    });
  });

  it('is made once when it is repeated with its reserved id, and is taken for every other one of its name', async () => {
    const id = await world.nextId('category');
    const category = { id, name: 'Sách' };
    const all = await Promise.all(
      Array.from({ length: 4 }, () => world.run((tx) => createCategory(tx, { category, now }))),
    );
    expect(new Set(all.map((one) => one.id))).toEqual(new Set([id]));
    const again = world.run((tx) => createCategory(tx, { category: { name: 'SACH' }, now }));

    await expect(again).rejects.toMatchObject({ code: 'already_exists', field: '/name', params: { existingId: id } });
  });
});
