import { readBundleParts } from '../../domain/catalogue/products/bundle-items';
import { readProductNames } from '../../domain/catalogue/products/read-product-names';
import { readAvailability } from '../../domain/inventory/read-availability';
import { outOfStock, stockLines, unitsByProduct } from '../../domain/orders/order-line-rules';
import type { PlaceOrderInput } from '../../domain/orders/order-types';
import type { ApiDependencies } from '../dependencies';

/**
 * A look at stock before a workflow is started. What is not sold at all, as it is archived or was never there, is for the placement to tell: it
 * says so first.
 * @throws AppError out_of_stock
 */
export async function refuseIfSoldOut(
  { database }: Pick<ApiDependencies, 'database'>,
  { companyId, items }: Pick<PlaceOrderInput, 'companyId' | 'items'>,
): Promise<void> {
  const { units, available, sold } = await database.withTenantSql(companyId, async (tx) => {
    const ordered = items.map(({ productId }) => productId);
    const parts = await readBundleParts(tx, ordered);
    const wanted = unitsByProduct(items.flatMap((line) => stockLines(line, parts.get(line.productId))));
    const ids = wanted.map(({ productId }) => productId);

    return {
      units: wanted,
      available: await readAvailability(tx, ids),
      sold: { ids: [...ordered, ...ids], names: await readProductNames(tx, [...ordered, ...ids], { isSold: true }) },
    };
  });
  const short = units.filter(({ productId, quantity }) => (available.get(productId) ?? 0) < quantity);

  if (short.length > 0 && sold.ids.every((id) => sold.names.has(id))) {
    throw outOfStock(short, available, sold.names);
  }
}
