import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { selectStock, StockRow } from './stock-row';

/** Stock of one product; zeros while it has no stock record. @throws AppError not_found without such a product */
export async function readInventory(tx: TenantSql, productId: number): Promise<StockRow> {
  const [row] = await tx.query(
    StockRow,
    Prisma.sql`${selectStock} WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${productId}::bigint`,
  );

  if (row === undefined) {
    throw new AppError('not_found', { detail: 'There is no such product.' });
  }

  return row;
}
