import { Prisma, type TenantSql } from '../../platform/db/database';
import type { CatalogueStatus } from '../catalogue/visibility-rules';
import { searchConditions } from '../search/search-condition';
import { PromotionRow, selectPromotions } from './promotion-row';

export interface PromotionFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
  /** Of the promotion that has this code; in capitals. */
  code?: string | undefined;
}

/** Up to `limit` promotions in the order in which they were made, after an id. */
export async function listPromotions(
  tx: TenantSql,
  input: { filter: PromotionFilter; after: number; limit: number },
): Promise<PromotionRow[]> {
  const { filter, after, limit } = input;
  const conditions = [
    Prisma.sql`p.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`p.id > ${after}::bigint`,
    Prisma.sql`p.status = ANY (${[...filter.statuses]}::text[])`,
    ...searchConditions(Prisma.sql`p.search_text`, filter.q),
    ...(filter.code === undefined
      ? []
      : [
          Prisma.sql`p.id = (SELECT c.promotion_id FROM product.promotion_codes c
                              WHERE c.company_id = ${tx.companyId}::bigint AND c.code = ${filter.code})`,
        ]),
  ];

  return tx.query(
    PromotionRow,
    Prisma.sql`${selectPromotions} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY p.id LIMIT ${limit}`,
  );
}
