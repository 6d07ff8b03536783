import type { TenantTransaction } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
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
  /** Unique in the company; a repeat with the same key is refused by the ledger (D3). */
  effectKey: string | null;
  now: Date;
}

/**
 * Writes a change of a locked stock record: the figures, a row of the ledger when the quantity moves, and the events,
 * all in the caller's transaction.
 */
export async function writeStock(tx: TenantTransaction, change: StockChange): Promise<void> {
  const { productId, locked, after, type, reason, userId, effectKey, now } = change;
  const companyId = tx.companyId;
  const quantityDelta = after.quantity - locked.stock.quantity;

  await tx.orm.inventory.update({
    where: { companyId_productId: { companyId, productId } },
    data: { quantity: after.quantity, reorderLevel: after.reorderLevel, updatedAt: now },
    select: { productId: true },
  });

  if (quantityDelta !== 0) {
    await tx.orm.inventoryMovement.create({
      data: { companyId, productId, type, quantityDelta, reason, userId, effectKey, createdAt: now },
      select: { id: true },
    });
  }

  await appendEvents(tx, {
    subject: `inventory/${productId}`,
    events: stockEvents({
      product: { productId, sku: locked.sku },
      before: locked.isNew ? null : locked.stock,
      after,
      reason,
    }),
    now,
  });
}
