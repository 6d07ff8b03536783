import { Prisma, type TenantSql } from '../../../platform/db/database';
import { type Priced, PriceVersionRow, selectPriceVersions } from './price-version-row';

/** Up to `limit` prices of a plan or add-on, newest first, before a version. */
export function listPriceVersions(
  tx: TenantSql,
  input: { of: Priced; before?: number | null | undefined; limit: number },
): Promise<PriceVersionRow[]> {
  const { of, before = null, limit } = input;

  return tx.query(
    PriceVersionRow,
    Prisma.sql`SELECT * FROM (${selectPriceVersions(tx.companyId, of)}) x
                WHERE ${before}::int IS NULL OR x.version < ${before}::int ORDER BY x.version DESC LIMIT ${limit}`,
  );
}

/** Those of a plan or add-on that have these ids. */
export async function findPrices(tx: TenantSql, of: Priced, ids: readonly number[]): Promise<PriceVersionRow[]> {
  return ids.length === 0
    ? []
    : tx.query(
        PriceVersionRow,
        Prisma.sql`SELECT * FROM (${selectPriceVersions(tx.companyId, of)}) x WHERE x.id = ANY (${[...ids]}::bigint[])`,
      );
}

/** The price that holds now; null of something that was never priced here. */
export async function findCurrentPrice(tx: TenantSql, of: Priced): Promise<PriceVersionRow | null> {
  const [latest] = await listPriceVersions(tx, { of, limit: 1 });

  return latest ?? null;
}
