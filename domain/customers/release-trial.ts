import { Prisma, type TenantSql } from '../../platform/db/database';

/** The trial that a customer was to have never began: it may have one. */
export async function releaseTrial(tx: TenantSql, customerId: number, now: Date): Promise<void> {
  await tx.write(Prisma.sql`UPDATE customer.customers SET is_trial_used = false, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${customerId}::bigint`);
}
