import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { PlanRow, selectPlans } from './plan-row';

/** One plan of the company with the codes of its features; null when there is none. */
export async function findPlan(tx: TenantSql, id: number): Promise<PlanRow | null> {
  const [row] = await tx.query(
    PlanRow,
    Prisma.sql`${selectPlans} WHERE p.company_id = ${tx.companyId}::bigint AND p.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** The same, held until the transaction ends; read when it is held, so with what was made of its prices and grants before. @throws AppError not_found */
export async function lockPlan(tx: TenantSql, id: number): Promise<PlanRow> {
  await tx.write(
    Prisma.sql`SELECT FROM product.plans WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint FOR NO KEY UPDATE`,
  );

  return readPlan(tx, id);
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readPlan(tx: TenantSql, id: number): Promise<PlanRow> {
  return presentPlan(await findPlan(tx, id));
}

/** @throws AppError not_found for null */
export function presentPlan(row: PlanRow | null): PlanRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such plan.' });
  }

  return row;
}
