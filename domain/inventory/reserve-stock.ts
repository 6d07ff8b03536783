import { Prisma } from '../../platform/db/database';

/**
 * Three common table expressions that hold stock for an order, all lines or none, inside the placing statement (D13):
 * `reserved` (rows changed, with the figures after the change), `complete` (one row if every line was held, else none),
 * and `reservation`. The caller rolls back when `complete` is empty. Rows are locked in product order, so two
 * orders for the same products cannot deadlock.
 * @param units summed by product, in product order
 */
export function reserveStockExpressions(
  companyId: number,
  orderId: number,
  units: readonly { productId: number; quantity: number }[],
  now: Date,
): Prisma.Sql {
  return Prisma.sql`
    wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(units)}::jsonb) AS w("productId" bigint, quantity bigint)
    ),
    locked AS (
      SELECT i.product_id, w.quantity FROM ordering.inventory i JOIN wanted w ON w."productId" = i.product_id
       WHERE i.company_id = ${companyId}::bigint ORDER BY i.product_id FOR UPDATE OF i
    ),
    reserved AS (
      UPDATE ordering.inventory i SET reserved = i.reserved + l.quantity, updated_at = ${now}::timestamptz
        FROM locked l
       WHERE i.company_id = ${companyId}::bigint AND i.product_id = l.product_id AND i.quantity - i.reserved >= l.quantity
      RETURNING i.product_id, i.quantity - i.reserved AS available, i.reorder_level, l.quantity AS taken
    ),
    complete AS (
      SELECT 1 AS ok WHERE (SELECT count(*) FROM reserved) = ${units.length}
    ),
    reservation AS (
      INSERT INTO ordering.inventory_reservations (company_id, order_id, product_id, quantity, status, created_at, updated_at)
      SELECT ${companyId}::bigint, ${orderId}::bigint, r.product_id, r.taken, 'held', ${now}::timestamptz, ${now}::timestamptz
        FROM reserved r, complete
      RETURNING id
    )`;
}
