import { Prisma, type TenantSql } from '../../platform/db/database';
import { searchConditions } from '../search/search-condition';
import { selectStock, StockRow } from './stock-row';

export interface InventoryFilter {
  q?: string | undefined;
  /** True: what to reorder, sold and at or below the reorder level (low-stock-rules.ts). False: above it. */
  lowStock?: boolean | undefined;
}

/** Up to `limit` products that have a stock record, by product id, after one. */
export async function listInventory(
  tx: TenantSql,
  input: { filter: InventoryFilter; after: number; limit: number },
): Promise<StockRow[]> {
  const { filter, after, limit } = input;
  const conditions = [
    Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`p.id > ${after}::bigint`,
    Prisma.sql`i.product_id IS NOT NULL`,
    ...searchConditions(Prisma.sql`p.search_text`, filter.q),
    ...(filter.lowStock === undefined
      ? []
      : [Prisma.sql`(i.available <= i.reorder_level) = ${filter.lowStock}::boolean`]),
    ...(filter.lowStock === true ? [Prisma.sql`p.status = 'active'`] : []),
  ];

  return tx.query(
    StockRow,
    Prisma.sql`${selectStock} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY p.id LIMIT ${limit}`,
  );
}
