import { dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { lockStock } from './lock-stock';
import { changeStock } from './stock-change-rules';
import { type StockRow, stockRowOf } from './stock-row';
import { writeStock } from './write-stock';

/**
 * Adds units to a product's stock or takes some away, whatever others do at the same time.
 * @param input.delta units, not 0
 * @param input.reason for the ledger
 * @param input.effectKey of the request; a repeat with it returns the stock as it is now and changes nothing
 * @throws AppError not_found; bundle_without_stock; stock_below_reserved or validation_failed on /delta
 */
export async function adjustInventory(
  tx: TenantSql,
  input: {
    productId: number;
    delta: number;
    reason: string;
    userId: number | null;
    effectKey: string | null;
    now: Date;
  },
): Promise<StockRow> {
  const { productId, delta, reason, userId, effectKey, now } = input;
  const locked = await lockStock(tx, { productId, now });

  if (effectKey !== null && (await isDone(tx, effectKey))) {
    return stockRowOf(productId, locked);
  }

  const after = changeStock(locked.stock, { quantity: locked.stock.quantity + delta, field: '/delta' });
  await writeStock(tx, { productId, locked, after, type: 'ADJUSTMENT', reason, userId, effectKey, now });

  return stockRowOf(productId, { ...locked, stock: after, updatedAt: now });
}

/** Repeats of one request name one product, so its lock has made them wait for each other. */
async function isDone(tx: TenantSql, effectKey: string): Promise<boolean> {
  const movements = await tx.query(
    dbNothing,
    Prisma.sql`
      SELECT m.id FROM ordering.inventory_movements m
       WHERE m.company_id = ${tx.companyId}::bigint AND m.effect_key = ${effectKey}`,
  );

  return movements.length > 0;
}
