import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { accountParts, type UserRow } from './account';
import { forgetFailures } from './passwords/login-throttle';
import type { StaffRole } from './principal';
import { readUser } from './read-user';

export interface UserChanges {
  name?: string | null;
  role?: StaffRole;
  status?: 'active' | 'disabled';
  passwordHash?: string;
}

/**
 * Changes a user of the company. Disabling somebody, or setting their password, ends their sessions: refreshing fails
 * at once. Of a disabled user the access token that is out is refused, too (api/http/security/account-standing.ts).
 * @param input.actingUserId who does it; administrators can neither disable nor demote themselves, nor two of them each
 *   other at once, so that a company does not lock itself out
 * @throws AppError not_found; conflict; forbidden when whoever does it no longer may
 */
export async function updateUser(
  tx: TenantTransaction,
  input: { id: number; actingUserId: number; changes: UserChanges; now: Date },
): Promise<UserRow> {
  const { id, actingUserId, changes, now } = input;
  await tx.orm
    .$queryRaw`SELECT FROM customer.users WHERE id IN (${id}::bigint, ${actingUserId}::bigint) ORDER BY id FOR UPDATE`;
  const before = await readUser(tx, id);
  await assertStillActs(tx, actingUserId);
  assertAllowed(before, changes, actingUserId === id);
  const { name, role, status, passwordHash } = changes;
  const after = await tx.orm.user.update({
    where: { id },
    data: {
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      ...(status === undefined ? {} : { status }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      updatedAt: now,
    },
    include: accountParts,
  });

  if (status === 'disabled' || passwordHash !== undefined) {
    await tx.orm.refreshToken.updateMany({ where: { userId: id, revokedAt: null }, data: { revokedAt: now } });
  }

  // What was guessed was guessed of the password before.
  if (passwordHash !== undefined) {
    await forgetFailures(tx, before.email);
  }

  return after;
}

/** Who was first is no longer asked; an operator from another company is not among this one's users. */
async function assertStillActs(tx: TenantTransaction, actingUserId: number): Promise<void> {
  const acting = await tx.orm.user.findUnique({ where: { id: actingUserId }, select: { status: true, role: true } });
  const isAdministrator = acting?.role === 'company_admin' || acting?.role === 'super_admin';

  if (acting !== null && (acting.status !== 'active' || !isAdministrator)) {
    throw new AppError('forbidden', { detail: 'Your account was disabled, or has another role since.' });
  }
}

function assertAllowed(before: UserRow, changes: UserChanges, isSelf: boolean): void {
  const isDemoted = changes.role !== undefined && changes.role !== before.role;

  if (isSelf && (isDemoted || changes.status === 'disabled')) {
    throw new AppError('conflict', { detail: 'You cannot disable yourself or change your own role.' });
  }
  if (isDemoted && before.role === 'customer') {
    throw new AppError('conflict', { field: '/role', detail: 'A customer cannot become staff. Create another user.' });
  }
}
