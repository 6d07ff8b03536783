import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { readSettings } from '../../companies/setting-catalogue';
import { appendEvents } from '../../events/append-events';
import { entryTaken } from '../entry-taken';
import { categoryOfName } from '../categories/create-category';
import { setBundleItems } from './bundle-items';
import type { BundleItemFields } from './bundle-rules';
import { productPayload } from './product-events';
import type { ProductFields, ProductRow } from './product-row';
import { assertOtherCurrencies } from '../currency-price-rules';
import { findProduct, readProduct } from './read-product';
import { setProductPrices } from './set-product-prices';
import { foldForSearch, searchTextOf } from '../../search/search-rules';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

export type NewProduct = Pick<ProductFields, 'sku' | 'name' | 'price'> &
  Partial<ProductFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
    /** Makes it a bundle of these parts, at a price of its own. */
    bundleItems?: readonly BundleItemFields[] | undefined;
  };

/**
 * Adds a product to the catalogue.
 * @param input.product price in minor units; the currency is the company's unless one is named
 * @returns the product, and whether this call made it
 * @throws AppError validation_failed on /category for one that is archived; tax_category_not_found on /taxCategory; already_exists on /sku; at /bundleItems as `assertBundleItems`, at /prices as
 *   `assertOtherCurrencies`
 */
export async function createProduct(
  tx: TenantTransaction,
  input: { product: NewProduct; now: Date },
): Promise<{ product: ProductRow; isNew: boolean }> {
  const { product, now } = input;
  const currency = product.currency ?? (await readSettings(tx)).currency;
  assertOtherCurrencies(product.prices ?? [], currency);
  const category = await categoryColumns(tx, product.category, now);
  const [created] = await tx.orm.product.createManyAndReturn({
    data: [
      {
        ...(product.id === undefined ? {} : { id: product.id }),
        companyId: tx.companyId,
        sku: product.sku,
        kind: product.bundleItems === undefined ? 'simple' : 'bundle',
        name: product.name,
        description: product.description ?? null,
        ...category,
        price: product.price,
        currency,
        ...(product.taxCategory === undefined ? {} : { taxCategory: product.taxCategory }),
        taxBehavior: product.taxBehavior ?? null,
        attributes: (product.attributes ?? {}) as Prisma.InputJsonObject,
        ...productSearchTexts(product),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    return { product: await findRepeated(tx, product), isNew: false };
  }
  await requireTaxCategory(tx, product.taxCategory);

  if (product.bundleItems !== undefined) {
    await setBundleItems(tx, { bundleId: Number(created.id), items: product.bundleItems });
  }

  if (product.prices !== undefined) {
    await setProductPrices(tx, { productId: Number(created.id), prices: product.prices });
  }

  const row = await readProduct(tx, Number(created.id));
  await appendEvents(tx, {
    subject: `product/${row.id}`,
    events: [{ type: 'product.created', payload: productPayload(row) }],
    now,
  });

  return { product: row, isNew: true };
}

/** Its category is the row of that name, written as that has it. @throws AppError validation_failed on /category */
export async function categoryColumns(tx: TenantTransaction, name: string | null | undefined, now: Date) {
  if (name == null) {
    return { category: null, categoryId: null };
  }
  const category = await categoryOfName(tx, name, now);

  return { category: category.name, categoryId: category.id };
}

/** What a product is searched and, by its first part, ordered by; and what its category is filtered by. */
export function productSearchTexts({ name, sku, category = null }: Pick<NewProduct, 'name' | 'sku' | 'category'>) {
  return {
    searchText: searchTextOf([name, sku, category]),
    categoryText: category === null ? null : foldForSearch(category),
  };
}

/** @throws AppError already_exists on /sku; what its holder is, the caller is told */
export async function skuTaken(tx: TenantTransaction, sku: string): Promise<never> {
  const holder = await tx.orm.product.findUnique({
    where: { companyId_sku: { companyId: tx.companyId, sku } },
    select: { id: true, status: true },
  });

  throw entryTaken('product', 'sku', holder && { id: holder.id, isArchived: holder.status === 'archived' });
}

async function findRepeated(tx: TenantTransaction, product: NewProduct): Promise<ProductRow> {
  const own = product.id === undefined ? null : await findProduct(tx, product.id);

  return own ?? skuTaken(tx, product.sku);
}
