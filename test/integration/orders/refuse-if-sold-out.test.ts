import { refuseIfSoldOut } from '../../../api/orders/refuse-if-sold-out';
import { updateProduct } from '../../../domain/catalogue/products/update-product';
import type { AppError } from '../../../domain/errors';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;

beforeAll(async () => {
  world = await openOrderWorld();
});

afterAll(() => world?.close());

/** The products that are told to be short; null: the placement is left to tell. */
async function shortOf(...productIds: number[]) {
  const items = productIds.map((productId) => ({ productId, quantity: 1 }));
  const refusal = await refuseIfSoldOut(world, { companyId: world.company.id, items }).catch(
    (error: AppError) => error,
  );

  return refusal === undefined
    ? null
    : (refusal.params['lines'] as { productId: number }[]).map((line) => line.productId);
}

describe('a look at stock before an order is placed', () => {
  it('refuses what is sold out, and lets through what is there', async () => {
    const [there, gone] = [await world.addProduct({ stock: 1 }), await world.addProduct({ stock: 0 })];

    expect(await shortOf(there, gone)).toEqual([gone]);
    expect(await shortOf(there)).toBeNull();
  });

  it('leaves what is not sold at all to the placement, which says so', async () => {
    const [there, archived] = [await world.addProduct({ stock: 1 }), await world.addProduct({ stock: 0 })];
    await world.database.withTenant(world.company.id, (tx) =>
      updateProduct(tx, { id: archived, changes: { status: 'archived' }, now: world.now }),
    );

    for (const [id, code] of [
      [archived, 'product_archived'],
      [987_654_321, 'product_not_found'],
    ] as const) {
      expect(await shortOf(there, id)).toBeNull();
      expect(await world.tryPlace({ items: [{ productId: id, quantity: 1 }] })).toMatchObject({ error: { code } });
    }
  });
});
