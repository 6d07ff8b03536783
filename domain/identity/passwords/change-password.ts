import type { Database } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { Account } from '../account';
import { checkPassword } from './check-password';
import { forgetFailures } from './login-throttle';
import type { Passwords } from './passwords';
import { setPassword } from './set-password';
import { startSession } from '../sessions/start-session';

/**
 * Somebody who is signed in chooses another password, and shows that they know the one they have; guesses count as those
 * of a login do. All their sessions end, and a new one begins.
 * @throws AppError wrong_password; rate_limited; password_too_common; password_is_address; conflict when it was changed
 *   meanwhile; forbidden when the account is disabled
 */
export async function changePassword(
  parts: { database: Database; passwords: Passwords },
  input: { companyId: number; userId: number; currentPassword: string; newPassword: string; now: Date },
): Promise<{ account: Account; refreshToken: string }> {
  const { database, passwords } = parts;
  const { companyId, userId, currentPassword, newPassword, now } = input;
  const before = await database.withTenant(companyId, (tx) =>
    tx.orm.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true, passwordHash: true } }),
  );
  const { email } = before;

  if ((await checkPassword(parts, { companyId, email, password: currentPassword, now })) !== userId) {
    throw new AppError('wrong_password', { field: '/currentPassword' });
  }
  const passwordHash = await passwords.hashPassword(newPassword, { email, field: '/newPassword' });

  return database.withTenant(companyId, async (tx) => {
    await tx.orm.$queryRaw`SELECT FROM customer.users WHERE id = ${userId}::bigint FOR UPDATE`;
    const latest = await tx.orm.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });

    if (latest?.passwordHash !== before.passwordHash) {
      throw new AppError('conflict', { detail: 'The password was changed meanwhile.' });
    }
    await setPassword(tx, { userId, passwordHash, mailedTo: null, now });
    await forgetFailures(tx, email);

    return startSession(tx, { userId, now });
  });
}
