import { Prisma, type TenantSql } from '../../../platform/db/database';

/** A signal cannot be refused: what was wrong with it is kept in the history, for the person who sent it. */
export async function noteRejection(
  tx: TenantSql,
  input: { subscriptionId: number; message: string; reason: string; now: Date },
): Promise<void> {
  await tx.write(Prisma.sql`
      INSERT INTO ordering.subscription_history (company_id, subscription_id, action, previous_status, new_status, details, metadata, created_at)
      SELECT s.company_id, s.id, 'rejected', s.status, s.status, ${input.reason}, ${JSON.stringify({ message: input.message })}::jsonb,
             ${input.now}::timestamptz
        FROM ordering.subscriptions s WHERE s.company_id = ${tx.companyId}::bigint AND s.id = ${input.subscriptionId}::bigint`);
}
