import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { accountParts, type UserRow } from './account';

/** A user of the company. @throws AppError not_found, also for a super_admin, who is not the company's to manage */
export async function readUser(tx: TenantTransaction, id: number): Promise<UserRow> {
  const row = await tx.orm.user.findFirst({ where: { id, role: { not: 'super_admin' } }, include: accountParts });

  if (row === null) {
    throw new AppError('not_found', { detail: 'There is no such user.' });
  }

  return row;
}
