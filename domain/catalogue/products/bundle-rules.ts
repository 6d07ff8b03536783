import { AppError } from '../../errors';

export const productKinds = ['simple', 'bundle'] as const;
export type ProductKind = (typeof productKinds)[number];

/** Parts of one bundle, and units of each in it. */
export const mostBundleItems = 50;
export const mostUnitsInBundle = 10_000;

/** What a bundle is made of, as it is asked for: units of a product in one bundle. */
export interface BundleItemFields {
  productId: number;
  quantity: number;
}

/** A product that is to be a part. */
export interface PartProduct {
  id: number;
  name: string;
  kind: ProductKind;
  status: string;
}

/**
 * Sees that products can be the parts of a bundle (S118): they are sold, each is named once, and none is a bundle, which
 * makes circles impossible.
 * @param products those of the company that are named; others are absent
 * @throws AppError validation_failed, product_not_found, product_archived, bundle_nested; each names the item
 */
export function assertBundleItems(items: readonly BundleItemFields[], products: readonly PartProduct[]): void {
  const byId = new Map(products.map((product) => [product.id, product]));

  for (const [index, { productId }] of items.entries()) {
    const field = `/bundleItems/${index}/productId`;
    const product = byId.get(productId);

    if (items.findIndex((item) => item.productId === productId) !== index) {
      throw new AppError('validation_failed', { field, detail: `Product ${productId} is named twice.` });
    }

    if (product === undefined) {
      throw new AppError('product_not_found', { field, detail: `There is no product ${productId}.` });
    }

    if (product.kind === 'bundle') {
      throw new AppError('bundle_nested', { field, detail: `${product.name} is a bundle itself.` });
    }

    if (product.status !== 'active') {
      throw new AppError('product_archived', { field, detail: `${product.name} is no longer sold.` });
    }
  }
}
