import { z } from 'zod';

import { Prisma, type TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import type { Stock } from './stock-change-rules';

const LockedStock = z.object({
  sku: z.string(),
  quantity: z.number().int(),
  reserved: z.number().int(),
  reorderLevel: z.number().int(),
});

export interface LockedStock {
  sku: string;
  stock: Stock;
  /** No stock record before this transaction. */
  isNew: boolean;
}

/**
 * Holds the stock record of a product until the transaction ends, and makes an empty one where there is none. All
 * changes of one product's stock queue here.
 * @throws AppError not_found without such a product
 */
export async function lockStock(tx: TenantTransaction, input: { productId: number; now: Date }): Promise<LockedStock> {
  const { productId, now } = input;
  const made = await tx.query(
    z.object({ product_id: z.unknown() }),
    Prisma.sql`
      INSERT INTO ordering.inventory (company_id, product_id, quantity, reserved, reorder_level, updated_at)
      SELECT p.company_id, p.id, 0, 0, 0, ${now}::timestamptz FROM product.products p
       WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${productId}::bigint
      ON CONFLICT DO NOTHING RETURNING product_id`,
  );
  const [row] = await tx.query(
    LockedStock,
    Prisma.sql`
      SELECT p.sku, i.quantity, i.reserved, i.reorder_level AS "reorderLevel"
        FROM ordering.inventory i JOIN product.products p ON p.company_id = i.company_id AND p.id = i.product_id
       WHERE i.company_id = ${tx.companyId}::bigint AND i.product_id = ${productId}::bigint FOR NO KEY UPDATE OF i`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such product.' });
  }

  const { sku, ...stock } = row;

  return { sku, stock, isNew: made.length > 0 };
}
