import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { FeatureRow, selectFeatures } from './feature-row';

/** One feature of the company; null when there is none. */
export async function findFeature(tx: TenantSql, id: number): Promise<FeatureRow | null> {
  const [row] = await tx.query(
    FeatureRow,
    Prisma.sql`${selectFeatures} WHERE f.company_id = ${tx.companyId}::bigint AND f.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockFeature(tx: TenantSql, id: number): Promise<FeatureRow> {
  const [row] = await tx.query(
    FeatureRow,
    Prisma.sql`${selectFeatures} WHERE f.company_id = ${tx.companyId}::bigint AND f.id = ${id}::bigint FOR NO KEY UPDATE`,
  );

  return presentFeature(row ?? null);
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readFeature(tx: TenantSql, id: number): Promise<FeatureRow> {
  return presentFeature(await findFeature(tx, id));
}

/** @throws AppError not_found for null */
export function presentFeature(row: FeatureRow | null): FeatureRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such feature.' });
  }

  return row;
}
