import type { BundleItemFields } from './bundle-rules';
import type { ProductRow } from './product-row';

/** What product.created and product.updated tell of a product. */
export function productPayload(row: ProductRow): Record<string, unknown> {
  return {
    id: row.id,
    sku: row.sku,
    kind: row.kind,
    name: row.name,
    category: row.category,
    price: row.price,
    currency: row.currency,
    taxCategory: row.taxCategory,
    taxBehavior: row.taxBehavior,
    prices: row.prices,
    status: row.status,
    bundleItems: bundleItemFields(row),
  };
}

/** What a bundle is made of, without what is read of its parts; null for everything else. */
export function bundleItemFields({ bundleItems }: Pick<ProductRow, 'bundleItems'>): BundleItemFields[] | null {
  return bundleItems?.map(({ productId, quantity }) => ({ productId, quantity })) ?? null;
}
