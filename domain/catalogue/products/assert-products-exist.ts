import type { TenantSql } from '../../../platform/db/database';
import { assertKnown } from '../scope-rules';
import { readProductNames } from './read-product-names';

/** @throws AppError validation_failed at /appliesTo/productIds/<index> for one that the company does not have */
export async function assertProductsExist(tx: TenantSql, productIds: readonly number[]): Promise<void> {
  if (productIds.length > 0) {
    const names = await readProductNames(tx, productIds);
    assertKnown(productIds, (id) => names.has(id), { list: 'productIds', name: 'product' });
  }
}
