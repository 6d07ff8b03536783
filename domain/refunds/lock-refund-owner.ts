import { Prisma, type TenantSql } from '../../platform/db/database';

/**
 * Locks the order or subscription that a payment is of: the subject comes first in the lock order (D8), so that a refund
 * and a cancel of one subject queue instead of clashing.
 * @param paymentId SQL that yields it
 */
export async function lockRefundOwner(tx: TenantSql, paymentId: Prisma.Sql): Promise<void> {
  const owner = (column: Prisma.Sql) =>
    Prisma.sql`(SELECT p.${column} FROM finance.payments p WHERE p.company_id = ${tx.companyId}::bigint AND p.id = (${paymentId}))`;
  await tx.write(
    Prisma.sql`SELECT 1 FROM ordering.orders o WHERE o.company_id = ${tx.companyId}::bigint AND o.id = ${owner(Prisma.sql`order_id`)} FOR UPDATE`,
  );
  await tx.write(
    Prisma.sql`SELECT 1 FROM ordering.subscriptions s WHERE s.company_id = ${tx.companyId}::bigint AND s.id = ${owner(Prisma.sql`subscription_id`)} FOR UPDATE`,
  );
}
