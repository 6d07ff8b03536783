import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { OverrideRow, selectOverrides } from './override-row';

/** Up to `limit` overrides of a customer, newest first, before an id. @param isOver also those that have ended */
export function listOverrides(
  tx: TenantSql,
  { customerId, isOver, before, limit }: { customerId: number; isOver: boolean; before: number | null; limit: number },
): Promise<OverrideRow[]> {
  return tx.query(
    OverrideRow,
    Prisma.sql`${selectOverrides}
      WHERE g.company_id = ${tx.companyId}::bigint AND g.customer_id = ${customerId}::bigint AND (${isOver}::boolean OR g.ended_at IS NULL)
        AND (${before}::bigint IS NULL OR g.id < ${before}::bigint)
      ORDER BY g.id DESC LIMIT ${limit}::int`,
  );
}

export async function findOverride(tx: TenantSql, id: number): Promise<OverrideRow | null> {
  const [row] = await tx.query(
    OverrideRow,
    Prisma.sql`${selectOverrides} WHERE g.company_id = ${tx.companyId}::bigint AND g.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** @throws AppError not_found, also of another customer */
export async function readOverride(tx: TenantSql, of: { id: number; customerId: number }): Promise<OverrideRow> {
  const row = await findOverride(tx, of.id);

  if (row === null || row.customerId !== of.customerId) {
    throw new AppError('not_found', { detail: 'The customer has no such override.' });
  }

  return row;
}
