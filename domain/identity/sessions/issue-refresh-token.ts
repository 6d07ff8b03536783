import { randomUUID } from 'node:crypto';

import { toNumber } from '../../../platform/db/columns';
import type { TenantTransaction } from '../../../platform/db/database';
import { formatRefreshToken, hashRefreshSecret, newRefreshSecret, refreshTokenMs } from './refresh-token';

/**
 * Writes a refresh token and returns its text, which is not stored.
 * @param input.family tokens that came of one sign-in; a new family when absent
 */
export async function issueRefreshToken(
  tx: TenantTransaction,
  input: { userId: number; family?: string; now: Date },
): Promise<string> {
  const { userId, family = randomUUID(), now } = input;
  const secret = newRefreshSecret();
  const row = await tx.orm.refreshToken.create({
    data: {
      companyId: tx.companyId,
      userId,
      family,
      tokenHash: hashRefreshSecret(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + refreshTokenMs),
    },
    select: { id: true },
  });

  return formatRefreshToken({ companyId: tx.companyId, id: toNumber(row.id), secret });
}
