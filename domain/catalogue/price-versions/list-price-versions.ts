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

/** The price that holds now in a currency, its own where none is named; null of what has none in it. */
export async function findCurrentPrice(
  tx: TenantSql,
  of: Priced,
  currency: string | null = null,
): Promise<PriceVersionRow | null> {
  const [current] = await tx.query(
    PriceVersionRow,
    Prisma.sql`SELECT * FROM (${selectPriceVersions(tx.companyId, of)}) x
                WHERE x."validTo" IS NULL AND x.currency = coalesce(${currency}::text, (${ownCurrency(tx.companyId, of)}))`,
  );

  return current ?? null;
}

const ownCurrency = (companyId: number, of: Priced) =>
  'planId' in of
    ? Prisma.sql`SELECT p.currency FROM product.plans p WHERE p.company_id = ${companyId}::bigint AND p.id = ${of.planId}::bigint`
    : Prisma.sql`SELECT a.currency FROM product.addons a WHERE a.company_id = ${companyId}::bigint AND a.id = ${of.addonId}::bigint`;
