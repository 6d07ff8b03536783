import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { AddonRow, selectAddons } from './addon-row';

/** One add-on of the company, active or not; null when there is none. */
export async function findAddon(tx: TenantSql, id: number): Promise<AddonRow | null> {
  const [row] = await tx.query(
    AddonRow,
    Prisma.sql`${selectAddons} WHERE a.company_id = ${tx.companyId}::bigint AND a.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** The same, held until the transaction ends; read when it is held, so with what was made of its prices and grants before. @throws AppError not_found */
export async function lockAddon(tx: TenantSql, id: number): Promise<AddonRow> {
  await tx.write(
    Prisma.sql`SELECT FROM product.addons WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint FOR NO KEY UPDATE`,
  );

  return readAddon(tx, id);
}

/** @throws AppError not_found, also for what belongs to another company */
export async function readAddon(tx: TenantSql, id: number): Promise<AddonRow> {
  return presentAddon(await findAddon(tx, id));
}

/** @throws AppError not_found for null */
export function presentAddon(row: AddonRow | null): AddonRow {
  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such add-on.' });
  }

  return row;
}
