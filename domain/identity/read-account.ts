import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { type Account, accountParts, toAccount } from './account';

/** The user with this id. @throws AppError unauthenticated: a token outlived its user */
export async function readAccount(tx: TenantTransaction, userId: number): Promise<Account> {
  const row = await tx.orm.user.findUnique({ where: { id: userId }, include: accountParts });

  if (row === null) {
    throw new AppError('unauthenticated', { detail: 'This account is no more.' });
  }

  return toAccount(row);
}
