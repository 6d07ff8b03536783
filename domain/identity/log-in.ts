import type { Database } from '../../platform/db/database';
import { AppError } from '../errors';
import type { Account } from './account';
import type { Passwords } from './passwords';
import { startSession } from './start-session';

/**
 * Signs in with e-mail and password. The slow comparison lies between two transactions, so that no connection waits for
 * it; the second one checks again that the account may sign in.
 * @throws AppError invalid_credentials, in the same time whether the address is known or not; forbidden when disabled
 */
export async function logIn(
  parts: { database: Database; passwords: Passwords },
  input: { companyId: number; email: string; password: string; now: Date },
): Promise<{ account: Account; refreshToken: string }> {
  const { database, passwords } = parts;
  const { companyId, email, password, now } = input;
  const user = await database.withTenant(companyId, (tx) =>
    tx.orm.user.findUnique({
      where: { companyId_email: { companyId, email } },
      select: { id: true, passwordHash: true },
    }),
  );
  const matches = await passwords.matchesPassword(password, user?.passwordHash ?? null);

  if (user === null || !matches) {
    throw new AppError('invalid_credentials');
  }

  return database.withTenant(companyId, (tx) => startSession(tx, { userId: Number(user.id), now }));
}
