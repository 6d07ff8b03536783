import { Prisma, type TenantSql } from '../../../platform/db/database';
import { FeatureRow, selectFeatures } from './feature-row';
import { searchConditions } from '../../search/search-condition';
import type { CatalogueStatus } from '../visibility-rules';

export interface FeatureFilter {
  statuses: readonly CatalogueStatus[];
  q?: string | undefined;
}

/** Up to `limit` features in the order in which they were made, after an id. */
export async function listFeatures(
  tx: TenantSql,
  input: { filter: FeatureFilter; after: number; limit: number },
): Promise<FeatureRow[]> {
  const { filter, after, limit } = input;
  const conditions = [
    Prisma.sql`f.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`f.id > ${after}::bigint`,
    Prisma.sql`f.status = ANY (${[...filter.statuses]}::text[])`,
    ...searchConditions(Prisma.sql`f.search_text`, filter.q),
  ];

  return tx.query(
    FeatureRow,
    Prisma.sql`${selectFeatures} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY f.id LIMIT ${limit}`,
  );
}
