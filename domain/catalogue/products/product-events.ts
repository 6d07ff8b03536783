import type { ProductRow } from './product-row';

/** What product.created and product.updated tell of a product. */
export function productPayload(row: ProductRow): Record<string, unknown> {
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    category: row.category,
    price: row.price,
    currency: row.currency,
    status: row.status,
  };
}
