import { Prisma, type TenantSql } from '../../../platform/db/database';
import type { CatalogueStatus } from '../visibility-rules';
import { selectTaxRates, TaxRateRow } from './tax-rate-row';

export interface TaxRateFilter {
  statuses: readonly CatalogueStatus[];
  code?: string | undefined;
  taxCategory?: string | undefined;
  /** A local date of the company that it holds on. */
  validOn?: string | undefined;
}

/** Up to `limit` tax rates in the order in which they were made, after an id. */
export async function listTaxRates(
  tx: TenantSql,
  input: { filter: TaxRateFilter; after: number; limit: number },
): Promise<TaxRateRow[]> {
  const { filter, after, limit } = input;
  const { code, taxCategory, validOn } = filter;
  const conditions = [
    Prisma.sql`t.company_id = ${tx.companyId}::bigint`,
    Prisma.sql`t.id > ${after}::bigint`,
    Prisma.sql`t.status = ANY (${[...filter.statuses]}::text[])`,
    ...(code === undefined ? [] : [Prisma.sql`t.code = ${code}`]),
    ...(taxCategory === undefined ? [] : [Prisma.sql`t.tax_category = ${taxCategory}`]),
    ...(validOn === undefined
      ? []
      : [Prisma.sql`daterange(t.valid_from, t.valid_until, '[]') @> ${validOn}::text::date`]),
  ];

  return tx.query(
    TaxRateRow,
    Prisma.sql`${selectTaxRates} WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY t.id LIMIT ${limit}`,
  );
}
