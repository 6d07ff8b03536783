import type { TenantTransaction } from '../../platform/db/database';
import { appendEvents } from '../events/append-events';

/** Money was taken in that has to go back; `payment/<id>` gives it back, or an operator sees it waiting (D5). */
export async function markRefundDue(
  tx: TenantTransaction,
  input: { paymentId: number; subject: string; reason: string; now: Date },
): Promise<void> {
  await tx.orm.payment.update({
    where: { companyId_id: { companyId: tx.companyId, id: input.paymentId } },
    data: { status: 'refund_due', settledAt: input.now, updatedAt: input.now },
  });
  await appendEvents(tx, {
    subject: input.subject,
    events: [{ type: 'payment.refund_due', payload: { paymentId: input.paymentId, reason: input.reason } }],
    now: input.now,
  });
}
