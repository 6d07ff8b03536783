import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { PromotionRow, selectPromotions } from './promotion-row';

/** One promotion of the company, archived or not; null when there is none. */
export async function findPromotion(tx: TenantSql, id: number): Promise<PromotionRow | null> {
  const [row] = await tx.query(PromotionRow, Prisma.sql`${selectPromotions} ${hasId(tx, id)}`);

  return row ?? null;
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readPromotion(tx: TenantSql, id: number): Promise<PromotionRow> {
  return presentPromotion(await findPromotion(tx, id));
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockPromotion(tx: TenantSql, id: number): Promise<PromotionRow> {
  const [row] = await tx.query(PromotionRow, Prisma.sql`${selectPromotions} ${hasId(tx, id)} FOR NO KEY UPDATE`);

  return presentPromotion(row ?? null);
}

const hasId = ({ companyId }: TenantSql, id: number) =>
  Prisma.sql`WHERE p.company_id = ${companyId}::bigint AND p.id = ${id}::bigint`;

function presentPromotion(row: PromotionRow | null): PromotionRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such promotion.' });
  }

  return row;
}
