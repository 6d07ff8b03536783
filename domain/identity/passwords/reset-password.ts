import type { Database } from '../../../platform/db/database';
import type { AccountLinks } from '../account-links';
import type { Passwords } from './passwords';
import { forgetFailures } from './login-throttle';
import { setPassword } from './set-password';

/**
 * Somebody who followed the link of a reset mail chooses another password, and may sign in with it at once. It is looked at before the slow hashing, so
 * that a wrong link costs nothing, and again under the user's lock.
 * @throws AppError link_invalid; password_too_common; password_is_address
 */
export async function resetPassword(
  { database, passwords, links }: { database: Database; passwords: Passwords; links: AccountLinks },
  { token, password, now }: { token: string; password: string; now: Date },
): Promise<void> {
  const { companyId, email: address } = await links.openPasswordLink(token, now);
  const passwordHash = await passwords.hashPassword(password, { email: address });
  await database.withTenant(companyId, async (tx) => {
    const { userId, email } = await links.claimPasswordLink(tx, token, now);
    await setPassword(tx, { userId, passwordHash, mailedTo: email, now });
    await forgetFailures(tx, email);
  });
}
