import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';

export interface ReleasedStock {
  productId: number;
  quantity: number;
  /** `released`: it was only held. `returned`: it had been deducted and is put back. */
  kind: 'released' | 'returned';
}

/** Gives back what an order holds or had taken, once; a repeat finds nothing to give back. The order's row is locked. */
export async function releaseStock(tx: TenantSql, orderId: number, now: Date): Promise<ReleasedStock[]> {
  const rows = await tx.query(
    z.object({ product_id: dbInteger, quantity: dbInteger, was_held: z.boolean() }),
    Prisma.sql`
      WITH held AS (
        SELECT r.id, r.product_id, r.quantity, r.status = 'held' AS was_held FROM ordering.inventory_reservations r
         WHERE r.company_id = ${tx.companyId}::bigint AND r.order_id = ${orderId}::bigint AND r.status IN ('held', 'committed')
      ),
      freed AS (
        UPDATE ordering.inventory_reservations r SET status = 'released', updated_at = ${now}::timestamptz FROM held
         WHERE r.company_id = ${tx.companyId}::bigint AND r.id = held.id RETURNING r.product_id
      ),
      locked_stock AS (
        SELECT i.product_id, h.quantity, h.was_held FROM ordering.inventory i JOIN held h ON h.product_id = i.product_id
         WHERE i.company_id = ${tx.companyId}::bigint ORDER BY i.product_id FOR UPDATE OF i
      ),
      stock AS (
        UPDATE ordering.inventory i
           SET reserved = i.reserved - CASE WHEN l.was_held THEN l.quantity ELSE 0 END,
               quantity = i.quantity + CASE WHEN l.was_held THEN 0 ELSE l.quantity END, updated_at = ${now}::timestamptz
          FROM locked_stock l WHERE i.company_id = ${tx.companyId}::bigint AND i.product_id = l.product_id
        RETURNING i.product_id, l.quantity, l.was_held
      ),
      ledger AS (
        INSERT INTO ordering.inventory_movements (company_id, product_id, type, quantity_delta, order_id, reason, effect_key, created_at)
        SELECT ${tx.companyId}::bigint, s.product_id, 'RETURN', s.quantity, ${orderId}::bigint, 'order cancelled',
               'order/' || ${orderId}::bigint || ':return/' || s.product_id, ${now}::timestamptz
          FROM stock s WHERE NOT s.was_held RETURNING id
      )
      SELECT product_id, quantity, was_held FROM stock ORDER BY product_id`,
  );

  return rows.map((row) => ({
    productId: row.product_id,
    quantity: row.quantity,
    kind: row.was_held ? 'released' : 'returned',
  }));
}
