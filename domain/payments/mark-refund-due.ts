import { dbNothing } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';

/** Money was taken in that has to go back; `payment/<id>` gives it back, or an operator sees it waiting (D5). */
export async function markRefundDue(
  tx: TenantSql,
  input: { paymentId: number; subject: string; reason: string; now: Date },
): Promise<void> {
  await tx.query(
    dbNothing,
    Prisma.sql`UPDATE finance.payments SET status = 'refund_due', settled_at = ${input.now}::timestamptz, updated_at = ${input.now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${input.paymentId}::bigint`,
  );
  await appendEvents(tx, {
    subject: input.subject,
    events: [{ type: 'payment.refund_due', payload: { paymentId: input.paymentId, reason: input.reason } }],
    now: input.now,
  });
}
