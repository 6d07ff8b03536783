import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { searchConditions } from '../../search/search-condition';
import type { CatalogueStatus } from '../visibility-rules';
import { CategoryRow, selectCategories } from './category-row';

/** One category of the company; null when there is none. */
export async function findCategory(tx: TenantSql, id: number): Promise<CategoryRow | null> {
  return (await rowsOf(tx, Prisma.sql`c.id = ${id}::bigint`))[0] ?? null;
}

/** The one that is known by a folded name. */
export async function findCategoryOfName(tx: TenantSql, nameText: string): Promise<CategoryRow | null> {
  return (await rowsOf(tx, Prisma.sql`c.name_text = ${nameText}`))[0] ?? null;
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readCategory(tx: TenantSql, id: number): Promise<CategoryRow> {
  return presentCategory(await findCategory(tx, id));
}

/** The same, held until the transaction ends; read when it is held, so with what was made of its features before. @throws AppError not_found */
export async function lockCategory(tx: TenantSql, id: number): Promise<CategoryRow> {
  await tx.write(
    Prisma.sql`SELECT FROM product.categories WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint FOR NO KEY UPDATE`,
  );

  return readCategory(tx, id);
}

/** Up to `limit` categories in the order in which they were made, after an id. */
export function listCategories(
  tx: TenantSql,
  {
    statuses,
    q,
    after,
    limit,
  }: { statuses: readonly CatalogueStatus[]; q?: string | undefined; after: number; limit: number },
): Promise<CategoryRow[]> {
  const conditions = [
    Prisma.sql`c.id > ${after}::bigint`,
    Prisma.sql`c.status = ANY (${[...statuses]}::text[])`,
    ...searchConditions(Prisma.sql`c.name_text`, q),
  ];

  return rowsOf(tx, Prisma.join(conditions, ' AND '), Prisma.sql`ORDER BY c.id LIMIT ${limit}`);
}

/** @throws AppError not_found for null */
export function presentCategory(row: CategoryRow | null): CategoryRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such category.' });
  }

  return row;
}

const rowsOf = (tx: TenantSql, where: Prisma.Sql, rest: Prisma.Sql = Prisma.empty): Promise<CategoryRow[]> =>
  tx.query(
    CategoryRow,
    Prisma.sql`${selectCategories} WHERE c.company_id = ${tx.companyId}::bigint AND ${where} ${rest}`,
  );
