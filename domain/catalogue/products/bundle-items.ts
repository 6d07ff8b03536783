import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql, type TenantTransaction } from '../../../platform/db/database';
import { assertBundleItems, type BundleItemFields, productKinds } from './bundle-rules';

const PartRow = z.object({ id: dbInteger, name: z.string(), kind: z.enum(productKinds), status: z.string() });

const BundlePartRow = z.object({ bundleId: dbInteger, productId: dbInteger, quantity: dbInteger });

/**
 * Makes a bundle consist of exactly these parts. Its row is locked, or was made by this transaction.
 * @throws AppError as `assertBundleItems`
 */
export async function setBundleItems(
  tx: TenantTransaction,
  input: { bundleId: number; items: readonly BundleItemFields[] },
): Promise<void> {
  const { bundleId, items } = input;
  const { companyId } = tx;
  const ids = items.map(({ productId }) => productId);
  assertBundleItems(
    items,
    await tx.query(
      PartRow,
      Prisma.sql`SELECT p.id, p.name, p.kind, p.status FROM product.products p
                  WHERE p.company_id = ${companyId}::bigint AND p.id = ANY (${ids}::bigint[])`,
    ),
  );
  await tx.orm.bundleItem.deleteMany({ where: { companyId, bundleId } });
  await tx.orm.bundleItem.createMany({
    data: items.map(({ productId, quantity }, position) => ({
      companyId,
      bundleId,
      productId,
      bundleKind: 'bundle',
      partKind: 'simple',
      quantity,
      position,
    })),
  });
}

/** The parts of those products that are bundles, by bundle. An advisory read: it locks nothing. */
export async function readBundleParts(
  tx: TenantSql,
  productIds: readonly number[],
): Promise<Map<number, BundleItemFields[]>> {
  const rows = await tx.query(
    BundlePartRow,
    Prisma.sql`SELECT b.bundle_id AS "bundleId", b.product_id AS "productId", b.quantity FROM product.bundle_items b
                WHERE b.company_id = ${tx.companyId}::bigint AND b.bundle_id = ANY (${[...productIds]}::bigint[])`,
  );
  const byBundle = new Map<number, BundleItemFields[]>();

  for (const { bundleId, ...item } of rows) {
    byBundle.set(bundleId, [...(byBundle.get(bundleId) ?? []), item]);
  }

  return byBundle;
}
