import type { PaymentRecord } from '../domain/payments/read-payment';
import { recordOutcome } from '../domain/payments/record-outcome';
import type { Database } from '../platform/db/database';

/** What a provider answered for certain, to a charge or to a question. */
export type DefiniteAnswer =
  | { outcome: 'success'; transactionId: string; paidAmount: number; paidAt: string | null }
  | { outcome: 'failed' | 'declined'; reason: string; transactionId: string | null; severity?: 'soft' | 'hard' };

/**
 * Enters a provider's answer into the payment inbox (D5).
 * @param input.isOwnerTold the workflow that owns the payment waits for this activity; otherwise the relay tells it
 */
export function recordAnswer(
  database: Database,
  input: {
    companyId: number;
    payment: PaymentRecord;
    answer: DefiniteAnswer;
    payload: Record<string, unknown>;
    isOwnerTold: boolean;
    now: Date;
  },
): Promise<void> {
  const { payment, answer, now } = input;
  const isSuccess = answer.outcome === 'success';

  return database.withTenantSql(input.companyId, async (tx) => {
    await recordOutcome(
      tx,
      {
        reference: payment.reference,
        provider: payment.method,
        outcome: isSuccess ? 'success' : 'failed',
        paidAmount: isSuccess ? answer.paidAmount : 0,
        transactionId: answer.transactionId,
        paidAt: isSuccess && answer.paidAt !== null ? new Date(answer.paidAt) : null,
        failureReason: isSuccess ? null : answer.reason,
        isHardDecline: !isSuccess && answer.severity === 'hard',
        payload: input.payload,
      },
      now,
      input.isOwnerTold,
    );
  });
}
