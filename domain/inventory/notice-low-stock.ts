import type { TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import { crossesReorderLevel } from './low-stock-rules';

/** Sends `inventory.low_stock` for each product that this order took below its reorder level, once per crossing. */
export async function noticeLowStock(
  tx: TenantSql,
  stock: readonly { productId: number; available: number; reorderLevel: number; taken: number }[],
  now: Date,
): Promise<void> {
  for (const { productId, available, reorderLevel, taken } of stock) {
    if (crossesReorderLevel({ available: available + taken, reorderLevel }, { available, reorderLevel })) {
      const events = [{ type: 'inventory.low_stock' as const, payload: { productId, available, reorderLevel } }];
      await appendEvents(tx, { subject: `inventory/${productId}`, events, now });
    }
  }
}
