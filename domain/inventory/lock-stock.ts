import { z } from 'zod';

import { dbInstant, dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { readProductNames } from '../catalogue/products/read-product-names';
import { AppError } from '../errors';
import type { Stock } from './stock-change-rules';

const LockedRow = z.object({
  sku: z.string(),
  name: z.string(),
  quantity: z.number().int(),
  reserved: z.number().int(),
  reorderLevel: z.number().int(),
  updatedAt: dbInstant,
});

export interface LockedStock {
  sku: string;
  name: string;
  stock: Stock;
  updatedAt: Date;
  /** No stock record before this transaction. */
  isNew: boolean;
}

/**
 * Holds the stock record of a product until the transaction ends, and makes an empty one where there is none. All
 * changes of one product's stock queue here.
 * @throws AppError not_found without such a product, bundle_without_stock of a bundle
 */
export async function lockStock(tx: TenantSql, input: { productId: number; now: Date }): Promise<LockedStock> {
  const known = await lockRow(tx, input.productId);

  if (known !== null) {
    return { ...known, isNew: false };
  }

  const isNew = await insertEmpty(tx, input);
  const made = await lockRow(tx, input.productId);

  if (made === null) {
    throw await whyThereIsNone(tx, input.productId);
  }

  return { ...made, isNew };
}

async function lockRow(tx: TenantSql, productId: number): Promise<Omit<LockedStock, 'isNew'> | null> {
  const [row] = await tx.query(
    LockedRow,
    Prisma.sql`
      SELECT p.sku, p.name, i.quantity, i.reserved, i.reorder_level AS "reorderLevel", i.updated_at AS "updatedAt"
        FROM ordering.inventory i JOIN product.products p ON p.company_id = i.company_id AND p.id = i.product_id
       WHERE i.company_id = ${tx.companyId}::bigint AND i.product_id = ${productId}::bigint FOR NO KEY UPDATE OF i`,
  );

  if (row === undefined) {
    return null;
  }

  const { sku, name, updatedAt, ...stock } = row;

  return { sku, name, updatedAt, stock };
}

/** @returns whether this call made the record; another transaction may have been first */
async function insertEmpty(tx: TenantSql, { productId, now }: { productId: number; now: Date }): Promise<boolean> {
  const made = await tx.query(
    dbNothing,
    Prisma.sql`
      INSERT INTO ordering.inventory (company_id, product_id, quantity, reserved, reorder_level, updated_at)
      SELECT p.company_id, p.id, 0, 0, 0, ${now}::timestamptz FROM product.products p
       WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${productId}::bigint AND p.kind <> 'bundle'
      ON CONFLICT DO NOTHING RETURNING product_id`,
  );

  return made.length > 0;
}

async function whyThereIsNone(tx: TenantSql, productId: number): Promise<AppError> {
  const [name] = (await readProductNames(tx, [productId])).values();

  return name === undefined
    ? new AppError('not_found', { detail: 'There is no such product.' })
    : new AppError('bundle_without_stock', { detail: `${name} is a bundle: its stock is that of its parts.` });
}
