import type { TenantSql } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';
import { makeRefundDue } from './move-payments';

/** Money was taken in that has to go back; `payment/<id>` gives it back, or an operator sees it waiting (D5). */
export async function markRefundDue(
  tx: TenantSql,
  input: { paymentId: number; subject: string; reason: string; now: Date },
): Promise<void> {
  await tx.write(makeRefundDue(tx.companyId, [input.paymentId], input.now));
  await appendEvents(tx, {
    subject: input.subject,
    events: [{ type: 'payment.refund_due', payload: { paymentId: input.paymentId, reason: input.reason } }],
    now: input.now,
  });
}
