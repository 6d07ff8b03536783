import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';

/** What is paid for ends at another instant than it was billed to (days granted by a change of plan); the guard follows. */
export async function moveServiceEnd(
  tx: TenantSql,
  input: { subscriptionId: number; item: string; from: Date; to: Date },
): Promise<void> {
  await tx.query(
    dbNothing,
    Prisma.sql`UPDATE finance.billed_service SET service = tstzrange(lower(service), ${input.to}::timestamptz)
                WHERE company_id = ${tx.companyId}::bigint AND subscription_id = ${input.subscriptionId}::bigint AND item = ${input.item}
                  AND released_at IS NULL AND upper(service) = ${input.from}::timestamptz`,
  );
}
