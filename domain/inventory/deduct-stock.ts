import { Prisma } from '../../platform/db/database';

/**
 * Common table expressions that turn an order's held reservations into a deduction (S173–S175): `deducted` yields the
 * stock rows, `sold` the ledger, `told_deductions` tells of each product under the order's subject. Quantity and reserved fall together, so what is available stays as it was.
 * The statement's last part has the condition `deductionsTold`: of a part that only selects, nothing is run that nobody asks for.
 * @param subject of the order
 */
export function deductStockExpressions(
  companyId: number,
  { orderId, subject }: { orderId: number; subject: string },
  now: Date,
): Prisma.Sql {
  return Prisma.sql`
    committed AS (
      UPDATE ordering.inventory_reservations SET status = 'committed', updated_at = ${now}::timestamptz
       WHERE company_id = ${companyId}::bigint AND order_id = ${orderId}::bigint AND status = 'held'
      RETURNING product_id, quantity
    ),
    locked_stock AS (
      SELECT i.product_id, c.quantity FROM ordering.inventory i JOIN committed c ON c.product_id = i.product_id
       WHERE i.company_id = ${companyId}::bigint ORDER BY i.product_id FOR UPDATE OF i
    ),
    deducted AS (
      UPDATE ordering.inventory i SET quantity = i.quantity - l.quantity, reserved = i.reserved - l.quantity, updated_at = ${now}::timestamptz
        FROM locked_stock l WHERE i.company_id = ${companyId}::bigint AND i.product_id = l.product_id
      RETURNING i.product_id, l.quantity
    ),
    sold AS (
      INSERT INTO ordering.inventory_movements (company_id, product_id, type, quantity_delta, order_id, effect_key, created_at)
      SELECT ${companyId}::bigint, d.product_id, 'SALE', -d.quantity, ${orderId}::bigint, 'order/' || ${orderId}::bigint || ':sale/' || d.product_id,
             ${now}::timestamptz
        FROM deducted d RETURNING product_id, quantity_delta
    ),
    told_deductions AS (
      SELECT platform.append_events(${companyId}::bigint, ${subject}, ${now}::timestamptz, d.events) FROM (
        SELECT jsonb_agg(jsonb_build_object('type', 'inventory.deducted', 'payload',
                 jsonb_build_object('orderId', ${orderId}::bigint, 'productId', product_id, 'quantity', quantity)) ORDER BY product_id) AS events
          FROM deducted) d WHERE d.events IS NOT NULL
    )`;
}

/** Always true; what was deducted has been told then. */
export const deductionsTold = Prisma.sql`(SELECT count(*) FROM told_deductions) >= 0`;
