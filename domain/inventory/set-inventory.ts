import type { TenantSql } from '../../platform/db/database';
import { lockStock } from './lock-stock';
import { changeStock } from './stock-change-rules';
import { type StockRow, stockRowOf } from './stock-row';
import { writeStock } from './write-stock';

/**
 * Sets what is there of a product, its reorder level, or both; what is not given stays. Setting what is there already
 * writes nothing, so a repeat changes nothing.
 * @param input.userId who did it, for the ledger
 * @throws AppError not_found; bundle_without_stock; stock_below_reserved on /quantity
 */
export async function setInventory(
  tx: TenantSql,
  input: {
    productId: number;
    quantity?: number | undefined;
    reorderLevel?: number | undefined;
    reason?: string | undefined;
    userId: number | null;
    now: Date;
  },
): Promise<StockRow> {
  const { productId, quantity, reorderLevel, reason = null, userId, now } = input;
  const locked = await lockStock(tx, { productId, now });
  const after = changeStock(locked.stock, {
    quantity: quantity ?? locked.stock.quantity,
    reorderLevel,
    field: '/quantity',
  });
  const isChanged = after.quantity !== locked.stock.quantity || after.reorderLevel !== locked.stock.reorderLevel;

  if (!isChanged && !locked.isNew) {
    return stockRowOf(productId, locked);
  }

  await writeStock(tx, { productId, locked, after, type: 'SET', reason, userId, effectKey: null, now });

  return stockRowOf(productId, { ...locked, stock: after, updatedAt: now });
}
