import { z } from 'zod';

import { dbInstant, dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { formatInstant } from '../../platform/instant';

export const movementTypes = ['SET', 'ADJUSTMENT', 'SALE', 'RETURN'] as const;

export const MovementRow = z.object({
  id: dbInteger,
  productId: dbInteger,
  type: z.enum(movementTypes),
  quantityDelta: z.number().int(),
  reason: z.string().nullable(),
  orderId: dbInteger.nullable(),
  userId: dbInteger.nullable(),
  createdAt: dbInstant,
});
export type MovementRow = z.output<typeof MovementRow>;

/** The ledger of a product's quantity, newest first: up to `limit` rows before an id. */
export async function listMovements(
  tx: TenantSql,
  input: { productId: number; before: number | null; limit: number },
): Promise<MovementRow[]> {
  const { productId, before, limit } = input;

  return tx.query(
    MovementRow,
    Prisma.sql`
      SELECT m.id, m.product_id AS "productId", m.type, m.quantity_delta AS "quantityDelta", m.reason,
             m.order_id AS "orderId", m.user_id AS "userId", m.created_at AS "createdAt"
        FROM ordering.inventory_movements m
       WHERE m.company_id = ${tx.companyId}::bigint AND m.product_id = ${productId}::bigint
         AND (${before}::bigint IS NULL OR m.id < ${before}::bigint)
       ORDER BY m.id DESC LIMIT ${limit}`,
  );
}

/** A row of the ledger as the API shows it. @param timeZone of the company */
export function viewMovement(row: MovementRow, timeZone: string) {
  return { ...row, createdAt: formatInstant(row.createdAt, timeZone) };
}
