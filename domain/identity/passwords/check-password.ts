import { toNumber } from '../../../platform/db/columns';
import type { Database } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { claimAttempt, returnAttempt } from './login-throttle';
import { freeFailures } from './login-throttle-rules';
import type { Passwords } from './passwords';

/**
 * Whether somebody knows the password of an account. Every place that asks for one uses this, because it counts: who is
 * wrong too often has to wait. The slow comparison lies between two transactions, so that no connection waits for it.
 * A caller that is right and goes on calls `forgetFailures` in its own transaction.
 * @param input.email lower case; an unknown one takes the same time
 * @returns the user's id, or null
 * @throws AppError rate_limited; unavailable when too many are at it at once, which counts as no attempt
 */
export async function checkPassword(
  parts: { database: Database; passwords: Passwords },
  input: { companyId: number; email: string; password: string; now: Date },
): Promise<number | null> {
  const { database, passwords } = parts;
  const { companyId, email, password, now } = input;
  const { user, failures } = await database.withTenant(companyId, async (tx) => ({
    failures: await claimAttempt(tx, { email, now }),
    user: await tx.orm.user.findUnique({
      where: { companyId_email: { companyId, email } },
      select: { id: true, passwordHash: true },
    }),
  }));
  const userId = user === null ? null : toNumber(user.id);
  const matches = await passwords
    .matchesPassword(password, user?.passwordHash ?? null)
    .catch(async (error: unknown) => {
      await database.withTenantSql(companyId, (tx) => returnAttempt(tx, email));
      throw error;
    });

  if (!matches && userId !== null && failures === freeFailures) {
    await database.withTenantSql(companyId, (tx) =>
      appendEvents(tx, {
        subject: `user/${userId}`,
        events: [{ type: 'user.login_throttled', payload: { userId, failures } }],
        now,
      }),
    );
  }

  return matches ? userId : null;
}
