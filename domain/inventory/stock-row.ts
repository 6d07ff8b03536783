import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma } from '../../platform/db/database';
import { availableUnits } from '../catalogue/products/product-row';
import type { Stock } from './stock-change-rules';

export const StockRow = z.object({
  productId: dbInteger,
  sku: z.string(),
  name: z.string(),
  quantity: z.number().int(),
  /** Units held for orders. */
  reserved: z.number().int(),
  /** quantity − reserved, worked out by the database. */
  available: z.number().int(),
  reorderLevel: z.number().int(),
  /** Null while the product has no stock record. */
  updatedAt: dbInstant.nullable(),
});
export type StockRow = z.output<typeof StockRow>;

/** Products with what is there of them; a product without a stock record has nothing, a bundle what its parts make up. */
export const selectStock = Prisma.sql`
  SELECT p.id AS "productId", p.sku, p.name, CASE WHEN p.kind = 'bundle' THEN ${availableUnits} ELSE coalesce(i.quantity, 0) END AS quantity,
         coalesce(i.reserved, 0) AS reserved, ${availableUnits} AS available, coalesce(i.reorder_level, 0) AS "reorderLevel", i.updated_at AS "updatedAt"
    FROM product.products p
    LEFT JOIN ordering.inventory i ON i.company_id = p.company_id AND i.product_id = p.id`;

/** The row that a reader would see after a change, without another read while the lock is held. */
export function stockRowOf(
  productId: number,
  { sku, name, stock, updatedAt }: { sku: string; name: string; stock: Stock; updatedAt: Date },
): StockRow {
  return { productId, sku, name, ...stock, available: stock.quantity - stock.reserved, updatedAt };
}
