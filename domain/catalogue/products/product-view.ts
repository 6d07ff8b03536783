import { formatInstant } from '../../../platform/instant';
import type { ProductRow } from './product-row';

/** A product as the API shows it. @param timeZone of the company */
export function viewProduct(row: ProductRow, timeZone: string) {
  return {
    id: row.id,
    sku: row.sku,
    kind: row.kind,
    name: row.name,
    description: row.description,
    category: row.category,
    categoryId: row.categoryId,
    price: row.price,
    currency: row.currency,
    taxCategory: row.taxCategory,
    taxBehavior: row.taxBehavior,
    prices: row.prices,
    attributes: row.attributes,
    status: row.status,
    stock: row.stock,
    bundleItems: row.bundleItems,
    createdAt: formatInstant(row.createdAt, timeZone),
    updatedAt: formatInstant(row.updatedAt, timeZone),
  };
}
