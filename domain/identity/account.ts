import { toNumber } from '../../platform/db/columns';
import type { Prisma } from '../../platform/db/database';
import { type Principal, type Role, roles } from './principal';

/** What a user's row is read with. */
export const accountParts = { customers: { select: { id: true } } } as const;

export type UserRow = Prisma.UserGetPayload<{ include: typeof accountParts }>;

/** Somebody who can sign in. */
export interface Account extends Principal {
  name: string | null;
  isEmailVerified: boolean;
  isActive: boolean;
}

export function toAccount(row: UserRow): Account {
  return {
    userId: toNumber(row.id),
    companyId: toNumber(row.companyId),
    email: row.email,
    name: row.name,
    isEmailVerified: row.emailVerifiedAt !== null,
    role: toRole(row.role),
    customerId: row.customers[0] === undefined ? null : toNumber(row.customers[0].id),
    isActive: row.status === 'active',
  };
}

/** Principal of an account, for its access token. */
export function toPrincipal({ userId, companyId, role, email, customerId }: Account): Principal {
  return { userId, companyId, role, email, customerId };
}

/** A user as they see themselves. */
export function viewAccount(account: Account) {
  return {
    id: account.userId,
    email: account.email,
    emailVerified: account.isEmailVerified,
    name: account.name,
    role: account.role,
    companyId: account.companyId,
    customerId: account.customerId,
  };
}

function toRole(text: string): Role {
  const role = roles.find((known) => known === text);

  if (role === undefined) {
    throw new Error(`A user has the unknown role ${text}`);
  }

  return role;
}
