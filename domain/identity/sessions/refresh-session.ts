import type { Database } from '../../../platform/db/database';
import { AppError } from '../../errors';
import type { Account } from '../account';
import { parseRefreshToken } from './refresh-token';
import { rotateRefreshToken } from './rotate-refresh-token';

/**
 * Takes a refresh token for a new pair; the token itself says which company's it is.
 * @throws AppError token_reused when it was spent before (its session is over now); unauthenticated when it is unknown,
 *   ended or expired; forbidden when the account is disabled; company_suspended
 */
export async function refreshSession(
  database: Database,
  input: { refreshToken: string; now: Date },
): Promise<{ account: Account; refreshToken: string }> {
  const token = parseRefreshToken(input.refreshToken);

  if (token === null) {
    throw notValid();
  }

  const rotation = await database.withTenant(token.companyId, (tx) =>
    rotateRefreshToken(tx, { token, now: input.now }),
  );

  switch (rotation.outcome) {
    case 'rotated':
      return { account: rotation.account, refreshToken: rotation.refreshToken };
    case 'reused':
      throw new AppError('token_reused');
    case 'unknown':
      throw notValid();
  }
}

function notValid(): AppError {
  return new AppError('unauthenticated', { detail: 'The refresh token is not valid. Sign in again.' });
}
