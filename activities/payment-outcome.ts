import type { PaymentRecord } from '../domain/payments/read-payment';
import type { PaymentOutcome } from '../domain/payments/record-outcome';

/** What a provider answered for certain, to a charge or to a question. */
export type DefiniteAnswer =
  | { outcome: 'success'; transactionId: string; paidAmount: number; paidAt: string | null }
  | { outcome: 'failed' | 'declined'; reason: string; transactionId: string | null; severity?: 'soft' | 'hard' };

/** The same as the payment inbox takes it (D5). */
export function outcomeOf(
  payment: PaymentRecord,
  answer: DefiniteAnswer,
  payload: Record<string, unknown>,
): PaymentOutcome {
  const isSuccess = answer.outcome === 'success';

  return {
    reference: payment.reference,
    provider: payment.method,
    outcome: isSuccess ? 'success' : 'failed',
    paidAmount: isSuccess ? answer.paidAmount : 0,
    transactionId: answer.transactionId,
    paidAt: isSuccess && answer.paidAt !== null ? new Date(answer.paidAt) : null,
    failureReason: isSuccess ? null : answer.reason,
    isHardDecline: !isSuccess && answer.severity === 'hard',
    payload,
  };
}
