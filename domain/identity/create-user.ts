import type { TenantTransaction } from '../../platform/db/database';
import { accountParts, type UserRow } from './account';
import { insertUser } from './insert-user';
import type { Role } from './principal';

/**
 * A user who works for the company, or the installation's super_admin; customers come by sign-up. Idempotent by id.
 * @throws AppError email_taken on /email
 */
export async function createUser(
  tx: TenantTransaction,
  input: {
    id: number;
    email: string;
    passwordHash: string;
    name: string | null;
    role: Exclude<Role, 'customer'>;
    now: Date;
  },
): Promise<UserRow> {
  await insertUser(tx, input);

  return tx.orm.user.findUniqueOrThrow({ where: { id: input.id }, include: accountParts });
}
