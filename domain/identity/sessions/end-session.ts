import type { TenantTransaction } from '../../../platform/db/database';
import { hashRefreshSecret, type RefreshToken } from './refresh-token';

/** Ends the session that a refresh token belongs to: no token of its family works any more. Unknown tokens are left. */
export async function endSession(tx: TenantTransaction, input: { token: RefreshToken; now: Date }): Promise<void> {
  const { token, now } = input;
  const known = await tx.orm.refreshToken.findUnique({
    where: { id: token.id, tokenHash: hashRefreshSecret(token.secret) },
    select: { family: true },
  });

  if (known !== null) {
    await tx.orm.refreshToken.updateMany({
      where: { family: known.family, revokedAt: null },
      data: { revokedAt: now },
    });
  }
}
