import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { type Account, accountParts, toAccount } from '../account';
import { issueRefreshToken } from './issue-refresh-token';

/**
 * Begins a session of a user who has proved who they are, and drops what is left of their ended ones. The user's row is
 * locked against being disabled at the same time.
 * @throws AppError forbidden when the account is disabled
 */
export async function startSession(
  tx: TenantTransaction,
  input: { userId: number; now: Date },
): Promise<{ account: Account; refreshToken: string }> {
  const { userId, now } = input;
  await tx.orm.$queryRaw`SELECT FROM customer.users WHERE id = ${userId}::bigint FOR SHARE`;
  const row = await tx.orm.user.findUnique({ where: { id: userId }, include: accountParts });

  if (row?.status !== 'active') {
    throw new AppError('forbidden', { detail: 'This account is disabled.' });
  }

  await tx.orm.refreshToken.deleteMany({ where: { userId, expiresAt: { lt: now } } });

  return { account: toAccount(row), refreshToken: await issueRefreshToken(tx, { userId, now }) };
}
