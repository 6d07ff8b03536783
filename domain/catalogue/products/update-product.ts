import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { assertPriceFollowsCurrency, changedFields } from '../change-rules';
import { categoryColumns, productSearchTexts, skuTaken } from './create-product';
import { setBundleItems } from './bundle-items';
import type { BundleItemFields } from './bundle-rules';
import { bundleItemFields, productPayload } from './product-events';
import type { ProductFields, ProductRow } from './product-row';
import { assertOtherCurrencies, sortedPrices } from '../currency-price-rules';
import { lockProduct, readProduct } from './read-product';
import { setProductPrices } from './set-product-prices';
import { foldForSearch } from '../../search/search-rules';
import { requireTaxCategory } from '../tax-rates/require-tax-category';

export type ProductChanges = Partial<ProductFields & Pick<ProductRow, 'status'> & { bundleItems: BundleItemFields[] }>;

/**
 * Changes a product, or takes it off sale and back (status). Orders keep the price and name they were placed with.
 * Without a real change nothing is written and no event is sent.
 * @throws AppError validation_failed on /category for one that is archived; tax_category_not_found; not_found, already_exists on /sku, validation_failed on /price when only the currency changes; at
 *   /bundleItems validation_failed when it is no bundle, and as `assertBundleItems`; at /prices as `assertOtherCurrencies`
 */
export async function updateProduct(
  tx: TenantTransaction,
  input: { id: number; changes: ProductChanges; now: Date },
): Promise<ProductRow> {
  const { id, now } = input;
  const before = await lockProduct(tx, id);
  const known = { ...before, bundleItems: bundleItemFields(before) ?? [] };
  const { prices } = input.changes;
  assertOtherCurrencies(prices ?? before.prices, input.changes.currency ?? before.currency);
  const wanted = {
    ...input.changes,
    ...(prices === undefined ? {} : { prices: sortedPrices(prices) }),
    ...sameCategory(before, input.changes),
  };
  const changes = changedFields<typeof known, ProductChanges>(known, wanted);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }

  assertPriceFollowsCurrency(changes, input.changes);
  await requireTaxCategory(tx, changes.taxCategory);
  await assertSkuIsFree(tx, before, changes);

  const { attributes, bundleItems, prices: newPrices, ...columns } = changes;
  const category = changes.category === undefined ? {} : await categoryColumns(tx, changes.category, now);
  await tx.orm.product.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: {
      ...columns,
      ...category,
      ...(attributes === undefined ? {} : { attributes: attributes as Prisma.InputJsonObject }),
      ...productSearchTexts({ ...before, ...changes }),
      updatedAt: now,
    },
  });

  if (bundleItems !== undefined) {
    assertIsBundle(before);
    await setBundleItems(tx, { bundleId: id, items: bundleItems });
  }

  if (newPrices !== undefined) {
    await setProductPrices(tx, { productId: id, prices: newPrices });
  }

  const after = await readProduct(tx, id);
  await appendEvents(tx, {
    subject: `product/${id}`,
    events: [
      {
        type: 'product.updated',
        payload: { ...productPayload(after), changed, previous: { price: before.price, currency: before.currency } },
      },
    ],
    now,
  });

  return after;
}

/** The category that it is in, however the change writes it, is no other one: a product has its name as the category has it. */
function sameCategory({ category }: ProductRow, changes: ProductChanges): Pick<ProductChanges, 'category'> {
  const isSame =
    category !== null && changes.category != null && foldForSearch(changes.category) === foldForSearch(category);

  return isSame ? { category } : {};
}

/** Names the field in the usual case; two changes at once are settled by the unique key. */
async function assertSkuIsFree(tx: TenantTransaction, before: ProductRow, changes: ProductChanges): Promise<void> {
  if (changes.sku === undefined) {
    return;
  }

  const holder = await tx.orm.product.findFirst({
    where: { companyId: tx.companyId, sku: changes.sku, id: { not: before.id } },
    select: { id: true },
  });

  if (holder !== null) {
    await skuTaken(tx, changes.sku);
  }
}

function assertIsBundle({ kind, name }: ProductRow): void {
  if (kind !== 'bundle') {
    throw new AppError('validation_failed', {
      field: '/bundleItems',
      detail: `${name} is no bundle; a product stays what it was made as.`,
    });
  }
}
