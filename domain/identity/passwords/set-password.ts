import type { TenantTransaction } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import { noticeToUser } from '../../notifications/notice-to-user';

/**
 * Gives a user another password, which they chose themselves: all their sessions end, `user.password_changed`, and a mail
 * says so, in case it was not them. The caller has locked the user and knows who is asking.
 * @param input.mailedTo address that a link was mailed to which was followed: it is theirs
 */
export async function setPassword(
  tx: TenantTransaction,
  input: { userId: number; passwordHash: string; mailedTo: string | null; now: Date },
): Promise<void> {
  const { userId, passwordHash, mailedTo, now } = input;
  await tx.orm.user.update({ where: { id: userId }, data: { passwordHash, updatedAt: now } });
  await tx.orm.refreshToken.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
  await appendEvents(tx, {
    subject: `user/${userId}`,
    events: [{ type: 'user.password_changed', payload: { userId } }],
    now,
  });

  if (mailedTo !== null) {
    await confirmEmail(tx, { userId, email: mailedTo, now });
  }
  await noticeToUser(tx, { kind: 'password_changed', user: { id: userId }, now });
}

/** Notes that this address is the user's, with `user.email_confirmed`. A repeat changes nothing, nor does another address. */
export async function confirmEmail(
  tx: TenantTransaction,
  { userId, email, now }: { userId: number; email: string; now: Date },
): Promise<void> {
  const { count } = await tx.orm.user.updateMany({
    where: { id: userId, email, emailVerifiedAt: null },
    data: { emailVerifiedAt: now, updatedAt: now },
  });

  if (count > 0) {
    await appendEvents(tx, {
      subject: `user/${userId}`,
      events: [{ type: 'user.email_confirmed', payload: { userId } }],
      now,
    });
  }
}
