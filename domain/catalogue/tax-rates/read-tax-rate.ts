import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { selectTaxRates, TaxRateRow } from './tax-rate-row';

/** One tax rate of the company, archived or not; null when there is none. */
export async function findTaxRate(tx: TenantSql, id: number): Promise<TaxRateRow | null> {
  const [row] = await tx.query(TaxRateRow, Prisma.sql`${selectTaxRates} ${hasId(tx, id)}`);

  return row ?? null;
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readTaxRate(tx: TenantSql, id: number): Promise<TaxRateRow> {
  return presentTaxRate(await findTaxRate(tx, id));
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockTaxRate(tx: TenantSql, id: number): Promise<TaxRateRow> {
  const [row] = await tx.query(TaxRateRow, Prisma.sql`${selectTaxRates} ${hasId(tx, id)} FOR NO KEY UPDATE`);

  return presentTaxRate(row ?? null);
}

const hasId = ({ companyId }: TenantSql, id: number) =>
  Prisma.sql`WHERE t.company_id = ${companyId}::bigint AND t.id = ${id}::bigint`;

function presentTaxRate(row: TaxRateRow | null): TaxRateRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such tax rate.' });
  }

  return row;
}
