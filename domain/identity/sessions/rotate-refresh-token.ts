import { toNumber } from '../../../platform/db/columns';
import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { type Account, accountParts, toAccount } from '../account';
import { issueRefreshToken } from './issue-refresh-token';
import { hashRefreshSecret, type RefreshToken } from './refresh-token';

/**
 * `reused`: the token was spent before, so either its owner or a thief holds a copy; the whole family has been ended.
 * That has to be committed, so it is an answer and not an error.
 */
export type Rotation =
  { outcome: 'rotated'; account: Account; refreshToken: string } | { outcome: 'reused' } | { outcome: 'unknown' };

/**
 * Spends a refresh token and gives the next of its family. One conditional update decides, so of two refreshes with the
 * same token exactly one wins; the other counts as reuse, without grace.
 * @throws AppError forbidden when the account is disabled; company_suspended. Neither spends the token.
 */
export async function rotateRefreshToken(
  tx: TenantTransaction,
  input: { token: RefreshToken; now: Date },
): Promise<Rotation> {
  const { token, now } = input;
  const given = { id: token.id, tokenHash: hashRefreshSecret(token.secret) };
  const [spent] = await tx.orm.refreshToken.updateManyAndReturn({
    where: { ...given, usedAt: null, revokedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
    select: { userId: true, family: true },
  });

  if (spent === undefined) {
    return endFamilyOf(tx, given, now);
  }

  const account = await readActiveAccount(tx, spent.userId);
  const { family } = spent;

  return {
    outcome: 'rotated',
    account,
    refreshToken: await issueRefreshToken(tx, { userId: toNumber(spent.userId), family, now }),
  };
}

/** The user's row is locked against being disabled at the same time. */
async function readActiveAccount(tx: TenantTransaction, userId: bigint): Promise<Account> {
  const company = await tx.orm.company.findUnique({ where: { id: tx.companyId }, select: { status: true } });

  if (company?.status !== 'active') {
    throw new AppError('company_suspended');
  }

  await tx.orm.$queryRaw`SELECT FROM customer.users WHERE id = ${userId} FOR SHARE`;
  const user = await tx.orm.user.findUniqueOrThrow({ where: { id: userId }, include: accountParts });

  if (user.status !== 'active') {
    throw new AppError('forbidden', { detail: 'This account is disabled.' });
  }

  return toAccount(user);
}

async function endFamilyOf(
  tx: TenantTransaction,
  given: { id: number; tokenHash: string },
  now: Date,
): Promise<Rotation> {
  const known = await tx.orm.refreshToken.findUnique({ where: given, select: { family: true, usedAt: true } });

  if (known === null || known.usedAt === null) {
    return { outcome: 'unknown' };
  }

  await tx.orm.refreshToken.updateMany({ where: { family: known.family, revokedAt: null }, data: { revokedAt: now } });

  return { outcome: 'reused' };
}
