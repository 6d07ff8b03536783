import type { TenantTransaction } from '../../platform/db/database';

/** The customer signs in as this user from now on. */
export async function linkUser(
  tx: TenantTransaction,
  { customerId, userId, now }: { customerId: number; userId: number; now: Date },
): Promise<void> {
  await tx.orm.customer.update({ where: { id: customerId }, data: { userId, updatedAt: now } });
}
