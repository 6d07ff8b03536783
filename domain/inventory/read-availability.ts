import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';

/** Units that can still be sold, by product; a product without a stock row is absent. An advisory read: it locks nothing. */
export async function readAvailability(tx: TenantSql, productIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await tx.query(
    z.object({ product_id: dbInteger, available: dbInteger }),
    Prisma.sql`SELECT i.product_id, i.available FROM ordering.inventory i
                WHERE i.company_id = ${tx.companyId}::bigint AND i.product_id = ANY (${[...productIds]}::bigint[])`,
  );

  return new Map(rows.map((row) => [row.product_id, row.available]));
}
