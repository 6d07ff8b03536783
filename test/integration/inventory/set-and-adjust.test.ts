import { reserveId } from '../../../api/http/idempotency/reserve-id';
import { createProduct } from '../../../domain/catalogue/products/create-product';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import { adjustInventory } from '../../../domain/inventory/adjust-inventory';
import { listInventory } from '../../../domain/inventory/list-inventory';
import { listMovements } from '../../../domain/inventory/list-movements';
import { readInventory } from '../../../domain/inventory/read-inventory';
import { setInventory } from '../../../domain/inventory/set-inventory';
import { systemClock } from '../../../platform/clock';
import { queryAsOwner } from '../../environment/admin';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';

let test: TestDatabase;
let company: TestCompany;
let other: TestCompany;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 16 });
  company = await openTestCompany(test.database);
  other = await openTestCompany(test.database);
});

afterAll(() => test.drop());

const now = () => systemClock.now();
let skus = 0;

async function addProduct(companyId = company.id): Promise<number> {
  const id = await reserveId(test.database, 'product');
  await test.database.withTenant(companyId, (tx) =>
    createProduct(tx, {
      product: { id, sku: `SKU-${(skus += 1)}`, name: `Sản phẩm ${skus}`, price: 1_000 },
      now: now(),
    }),
  );

  return id;
}

const set = (productId: number, change: { quantity?: number; reorderLevel?: number }, companyId = company.id) =>
  test.database.withTenant(companyId, (tx) => setInventory(tx, { productId, ...change, userId: null, now: now() }));

const adjust = (productId: number, delta: number, effectKey: string | null = null) =>
  test.database.withTenantSql(company.id, (tx) =>
    adjustInventory(tx, { productId, delta, reason: 'count', userId: null, effectKey, now: now() }),
  );

const read = (productId: number) => test.database.withTenant(company.id, (tx) => readInventory(tx, productId));

/** Holds units as an order does. */
const hold = (productId: number, units: number) =>
  queryAsOwner(test.adminUrl, 'UPDATE ordering.inventory SET reserved = reserved + $2 WHERE product_id = $1', [
    productId,
    units,
  ]);

const eventsOf = async (productId: number): Promise<string[]> => {
  const rows = await queryAsOwner<{ type: string }>(
    test.adminUrl,
    'SELECT type FROM platform.events WHERE subject = $1 ORDER BY subject_seq',
    [`inventory/${productId}`],
  );

  return rows.map((row) => row.type);
};

const ledgerSum = async (productId: number): Promise<number> => {
  const [row] = await queryAsOwner<{ sum: string }>(
    test.adminUrl,
    'SELECT coalesce(sum(quantity_delta), 0) AS sum FROM ordering.inventory_movements WHERE product_id = $1',
    [productId],
  );

  return Number(row?.sum);
};

describe('stock', () => {
  it('is nothing before it was set', async () => {
    expect(await read(await addProduct())).toMatchObject({
      quantity: 0,
      reserved: 0,
      available: 0,
      reorderLevel: 0,
      updatedAt: null,
    });
  });

  it('is set and adjusted, with a ledger that adds up to it', async () => {
    const product = await addProduct();
    await set(product, { quantity: 50, reorderLevel: 5 });
    await adjust(product, -8);
    await adjust(product, 3);
    await set(product, { quantity: 40 });

    expect(await read(product)).toMatchObject({ quantity: 40, available: 40, reorderLevel: 5 });
    expect(await ledgerSum(product)).toBe(40);
    const movements = await test.database.withTenant(company.id, (tx) =>
      listMovements(tx, { productId: product, before: null, limit: 10 }),
    );
    expect(movements.map(({ type, quantityDelta }) => [type, quantityDelta])).toEqual([
      ['SET', -5],
      ['ADJUSTMENT', 3],
      ['ADJUSTMENT', -8],
      ['SET', 50],
    ]);
  });

  it('changes its reorder level without touching the quantity', async () => {
    const product = await addProduct();
    await set(product, { quantity: 7 });
    await set(product, { reorderLevel: 3 });

    expect(await read(product)).toMatchObject({ quantity: 7, reorderLevel: 3 });
    expect(await ledgerSum(product)).toBe(7);
  });

  it('writes nothing when it is set to what it is', async () => {
    const product = await addProduct();
    await set(product, { quantity: 7, reorderLevel: 2 });
    await set(product, { quantity: 7, reorderLevel: 2 });

    expect(await eventsOf(product)).toEqual(['inventory.updated']);
  });

  it('never falls below what orders hold', async () => {
    const product = await addProduct();
    await set(product, { quantity: 10 });
    await hold(product, 4);

    await expect(set(product, { quantity: 3 })).rejects.toMatchObject({
      code: 'stock_below_reserved',
      field: '/quantity',
      params: { quantity: 10, reserved: 4, available: 6 },
    });
    await expect(adjust(product, -7)).rejects.toMatchObject({ code: 'stock_below_reserved', field: '/delta' });
    expect(await adjust(product, -6)).toMatchObject({ quantity: 4, reserved: 4, available: 0 });
  });

  it('cannot be counted beyond the column', async () => {
    const product = await addProduct();
    await set(product, { quantity: 1_000_000_000 });

    await expect(adjust(product, 1)).rejects.toMatchObject({ code: 'validation_failed', field: '/delta' });
  });

  it('of a product that is not there, or of another company, is not found', async () => {
    const foreign = await addProduct(other.id);

    for (const product of [foreign, 999_999_999]) {
      await expect(read(product)).rejects.toMatchObject({ code: 'not_found' });
      await expect(set(product, { quantity: 1 })).rejects.toMatchObject({ code: 'not_found' });
      await expect(adjust(product, 1)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('is exact after 100 adjustments at once', async () => {
    const product = await addProduct();
    await set(product, { quantity: 1_000 });
    const deltas = Array.from({ length: 100 }, (_, nth) => (nth % 2 === 0 ? -(nth + 1) : nth));
    await Promise.all(deltas.map((delta) => adjust(product, delta)));

    const expected = 1_000 + deltas.reduce((sum, delta) => sum + delta, 0);
    expect(await read(product)).toMatchObject({ quantity: expected, available: expected });
    expect(await ledgerSum(product)).toBe(expected);
    expect(await eventsOf(product)).toHaveLength(101);
  });

  it('is made once by 20 first adjustments at once', async () => {
    const product = await addProduct();
    await Promise.all(Array.from({ length: 20 }, () => adjust(product, 1)));

    expect(await read(product)).toMatchObject({ quantity: 20 });
  });

  it('goes to as many as there are units when more are taken at once', async () => {
    const product = await addProduct();
    await set(product, { quantity: 10 });
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => adjust(product, -1)));

    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(10);
    expect(await read(product)).toMatchObject({ quantity: 0 });
  });

  it('is adjusted once per request, however often it is repeated', async () => {
    const product = await addProduct();
    await set(product, { quantity: 10 });
    await Promise.all(Array.from({ length: 10 }, () => adjust(product, -3, 'idem/1')));
    await adjust(product, -1, 'idem/2');

    expect(await read(product)).toMatchObject({ quantity: 6 });
  });
});

describe('low stock', () => {
  it('is told once per crossing of what is available, also when 50 take at once', async () => {
    const product = await addProduct();
    await set(product, { quantity: 60, reorderLevel: 20 });
    await Promise.all(Array.from({ length: 50 }, () => adjust(product, -1)));
    const lowEvents = async () => (await eventsOf(product)).filter((type) => type === 'inventory.low_stock').length;

    expect(await lowEvents()).toBe(1);
    await adjust(product, 30);
    await adjust(product, -25);
    expect(await lowEvents()).toBe(2);
  });

  it('counts what orders hold as gone', async () => {
    const product = await addProduct();
    await set(product, { quantity: 30, reorderLevel: 5 });
    await hold(product, 20);
    await adjust(product, -6);

    expect(await eventsOf(product)).toEqual(['inventory.updated', 'inventory.updated', 'inventory.low_stock']);
  });

  it('filters the list', async () => {
    const [low, high, unset] = [await addProduct(), await addProduct(), await addProduct()];
    await set(low, { quantity: 2, reorderLevel: 2 });
    await set(high, { quantity: 3, reorderLevel: 2 });
    const list = async (lowStock?: boolean) => {
      const rows = await test.database.withTenant(company.id, (tx) =>
        listInventory(tx, { filter: { lowStock }, after: low - 1, limit: 100 }),
      );

      return rows.map((row) => row.productId);
    };

    expect(await list()).toEqual([low, high]);
    expect(await list(true)).toEqual([low]);
    expect(await list(false)).toEqual([high]);
    await test.database.withTenant(company.id, (tx) =>
      updateProduct(tx, { id: low, changes: { status: 'archived' }, now: now() }),
    );
    expect([await list(), await list(true)]).toEqual([[low, high], []]);
    expect(unset).toBeGreaterThan(high);
  });
});

describe('the database itself', () => {
  it('refuses stock that does not add up, whatever the code does', async () => {
    const product = await addProduct();
    await set(product, { quantity: 5 });
    const change = (assignment: string) =>
      queryAsOwner(test.adminUrl, `UPDATE ordering.inventory SET ${assignment} WHERE product_id = ${product}`);

    await expect(change('reserved = 6')).rejects.toThrow(/inventory_reserved_within_quantity/);
    await expect(change('reserved = -1')).rejects.toThrow(/inventory_reserved_within_quantity/);
    await expect(change('quantity = -1')).rejects.toThrow(/inventory_reserved_within_quantity/);
    await expect(change('available = 9')).rejects.toThrow(/available/);
    await expect(change('reorder_level = -1')).rejects.toThrow(/check constraint/);
  });

  it('lets nobody who runs the product rewrite the ledger', async () => {
    const product = await addProduct();
    await set(product, { quantity: 5 });

    for (const attempt of [
      () =>
        test.database.withTenant(company.id, (tx) =>
          tx.orm.inventoryMovement.updateMany({ data: { quantityDelta: 1 } }),
        ),
      () => test.database.withTenant(company.id, (tx) => tx.orm.inventoryMovement.deleteMany()),
    ]) {
      await expect(attempt()).rejects.toThrow(/permission denied/i);
    }
  });
});
