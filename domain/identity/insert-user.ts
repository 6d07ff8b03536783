import { toNumber } from '../../platform/db/columns';
import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import type { Role } from './principal';

export interface NewUser {
  /** Reserved id. */
  id: number;
  /** Lower case. */
  email: string;
  passwordHash: string;
  name: string | null;
  role: Role;
  now: Date;
}

/**
 * Writes a user and `user.created`.
 * @returns false when this very user is there already, which is how a retry ends
 * @throws AppError email_taken on /email
 */
export async function insertUser(tx: TenantTransaction, input: NewUser): Promise<boolean> {
  const { id, email, passwordHash, name, role, now } = input;
  const times = { createdAt: now, updatedAt: now };
  const [user] = await tx.orm.user.createManyAndReturn({
    data: [{ id, companyId: tx.companyId, email, passwordHash, name, role, ...times }],
    skipDuplicates: true,
  });

  if (user === undefined) {
    const own = await tx.orm.user.findUnique({ where: { id }, select: { email: true } });

    if (own?.email !== email) {
      throw new AppError('email_taken', { field: '/email' });
    }

    return false;
  }

  await appendEvents(tx, {
    subject: `user/${id}`,
    events: [{ type: 'user.created', payload: { userId: toNumber(user.id), email, name, role } }],
    now,
  });

  return true;
}
