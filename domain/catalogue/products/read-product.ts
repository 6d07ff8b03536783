import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { ProductRow, selectProducts } from './product-row';

/** One product of the company, archived or not; null when there is none. */
export async function findProduct(tx: TenantSql, id: number): Promise<ProductRow | null> {
  const [row] = await tx.query(
    ProductRow,
    Prisma.sql`${selectProducts} WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${id}::bigint`,
  );

  return row ?? null;
}

/**
 * The same, held until the transaction ends; orders may go on to name it meanwhile. Read when it is held, so with what was
 * made of its prices and parts before.
 * @throws AppError not_found
 */
export async function lockProduct(tx: TenantSql, id: number): Promise<ProductRow> {
  await tx.write(
    Prisma.sql`SELECT FROM product.products WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint FOR NO KEY UPDATE`,
  );

  return readProduct(tx, id);
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readProduct(tx: TenantSql, id: number): Promise<ProductRow> {
  return presentProduct(await findProduct(tx, id));
}

/** @throws AppError not_found for null */
export function presentProduct(row: ProductRow | null): ProductRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such product.' });
  }

  return row;
}
