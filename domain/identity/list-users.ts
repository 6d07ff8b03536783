import { containing } from '../../platform/db/containing';
import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { accountParts, type UserRow } from './account';
import type { Role } from './principal';

/**
 * Users of the company, newest first. The installation's super_admins are not the company's and are never among them.
 * @param input.q part of a name or e-mail address, in any case
 * @param input.before id of the last row of the page before
 */
export async function listUsers(
  tx: TenantTransaction,
  input: { q?: string; roles: readonly Role[]; status?: string; before: number | null; limit: number },
): Promise<UserRow[]> {
  const { q, roles, status, before, limit } = input;
  const where: Prisma.UserWhereInput = {
    role: { in: roles.filter((role) => role !== 'super_admin') },
    ...(q === undefined ? {} : { OR: [{ name: containing(q) }, { email: containing(q) }] }),
    ...(status === undefined ? {} : { status }),
    ...(before === null ? {} : { id: { lt: before } }),
  };

  return tx.orm.user.findMany({ where, orderBy: { id: 'desc' }, take: limit, include: accountParts });
}
