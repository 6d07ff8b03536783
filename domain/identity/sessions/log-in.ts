import type { Database } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { Account } from '../account';
import { checkPassword } from '../passwords/check-password';
import { forgetFailures } from '../passwords/login-throttle';
import type { Passwords } from '../passwords/passwords';
import { startSession } from './start-session';

/**
 * Signs in with e-mail and password; the account is looked at again when the session starts.
 * @throws AppError invalid_credentials, in the same time whether the address is known or not; rate_limited after too many
 *   wrong passwords; forbidden when disabled
 */
export async function logIn(
  parts: { database: Database; passwords: Passwords },
  input: { companyId: number; email: string; password: string; now: Date },
): Promise<{ account: Account; refreshToken: string }> {
  const { companyId, email, now } = input;
  const userId = await checkPassword(parts, input);

  if (userId === null) {
    throw new AppError('invalid_credentials');
  }

  return parts.database.withTenant(companyId, async (tx) => {
    const session = await startSession(tx, { userId, now });
    await forgetFailures(tx, email);

    return session;
  });
}
