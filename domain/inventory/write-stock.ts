import { Prisma, type TenantSql } from '../../platform/db/database';
import type { LockedStock } from './lock-stock';
import { type Stock, stockEvents } from './stock-change-rules';

export interface StockChange {
  productId: number;
  locked: LockedStock;
  after: Stock;
  /** What the ledger calls it. */
  type: 'SET' | 'ADJUSTMENT';
  reason: string | null;
  /** Who did it; null for the system. */
  userId: number | null;
  /** Unique in the company; the ledger refuses a second row with it (D3). */
  effectKey: string | null;
  now: Date;
}

/**
 * Writes a change of a locked stock record: the figures, a row of the ledger when the quantity moves, and the events (D7),
 * in one statement, because others wait for the lock.
 */
export async function writeStock(tx: TenantSql, change: StockChange): Promise<void> {
  const { productId, locked, after, type, reason, userId, effectKey, now } = change;
  const quantityDelta = after.quantity - locked.stock.quantity;
  const events = stockEvents({
    product: { productId, sku: locked.sku },
    before: locked.isNew ? null : locked.stock,
    after,
    reason,
  });

  await tx.write(Prisma.sql`
      WITH changed AS (
        UPDATE ordering.inventory
           SET quantity = ${after.quantity}::int, reorder_level = ${after.reorderLevel}::int, updated_at = ${now}::timestamptz
         WHERE company_id = ${tx.companyId}::bigint AND product_id = ${productId}::bigint
      ), moved AS (
        INSERT INTO ordering.inventory_movements
          (company_id, product_id, type, quantity_delta, reason, user_id, effect_key, created_at)
        SELECT ${tx.companyId}::bigint, ${productId}::bigint, ${type}::text, ${quantityDelta}::int, ${reason}::text,
               ${userId}::bigint, ${effectKey}::text, ${now}::timestamptz
         WHERE ${quantityDelta}::int <> 0
      )
      SELECT platform.append_events(
        ${tx.companyId}::bigint, ${`inventory/${productId}`}::text, ${now}::timestamptz, ${JSON.stringify(events)}::jsonb)`);
}
