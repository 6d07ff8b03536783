import { z } from 'zod';

import { dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/**
 * Names by product id; products that do not exist are absent.
 * @param options.isSold so are those that are archived
 */
export async function readProductNames(
  tx: TenantSql,
  productIds: readonly number[],
  { isSold = false }: { isSold?: boolean } = {},
): Promise<Map<number, string>> {
  const rows = await tx.query(
    z.object({ id: dbInteger, name: z.string() }),
    Prisma.sql`SELECT p.id, p.name FROM product.products p
                WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ANY (${[...productIds]}::bigint[])
                  AND (NOT ${isSold}::boolean OR p.status = 'active')`,
  );

  return new Map(rows.map((row) => [row.id, row.name]));
}
