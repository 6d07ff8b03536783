import { findPaymentByReference } from '../../domain/payments/find-payment';
import type { CallbackPaymentState, CallbackStore, ProviderOutcome } from '../../domain/payments/payment-gateway';
import { recordOutcome, type RecordedOutcome } from '../../domain/payments/record-outcome';
import { readPayment } from '../../domain/payments/read-payment';
import type { ApiDependencies } from '../dependencies';

export interface TakenIn extends RecordedOutcome {
  companyId: number;
  inboxId: number;
}

/**
 * The payment inbox as a gateway sees it (D5), on PostgreSQL. A provider names a payment by its reference only; which
 * company it is of is looked up without a tenant. What is news is left in `taken`, for its owner to be told.
 */
export function createCallbackStore({ database, clock }: ApiDependencies): CallbackStore & { taken: TakenIn | null } {
  return {
    taken: null,

    async findPayment(reference) {
      const found = await findPaymentByReference(database, reference);

      if (found === null) {
        return null;
      }

      const payment = await database.withTenantSql(found.companyId, (tx) => readPayment(tx, found.paymentId));

      return payment === null
        ? null
        : { amount: payment.amount, currency: payment.currency, state: stateOf(payment.status) };
    },

    async record(outcome) {
      const found = await findPaymentByReference(database, outcome.reference);
      const recorded =
        found === null
          ? null
          : await database.withTenantSql(found.companyId, (tx) =>
              recordOutcome(tx, fromProvider(outcome), clock.now()),
            );

      if (found === null || recorded === null || recorded.inboxId === null) {
        return 'already';
      }
      this.taken = { ...recorded, inboxId: recorded.inboxId, companyId: found.companyId };

      return 'recorded';
    },
  };
}

function stateOf(status: string): CallbackPaymentState {
  switch (status) {
    case 'initiated':
    case 'superseded':
    case 'cancelled':
      return 'open';
    case 'failed':
      return 'failed';
    default:
      return 'paid';
  }
}

function fromProvider(outcome: ProviderOutcome) {
  return {
    reference: outcome.reference,
    provider: outcome.provider,
    outcome: outcome.outcome,
    paidAmount: outcome.outcome === 'success' ? outcome.amount : 0,
    transactionId: outcome.transactionId,
    paidAt: outcome.paidAt === null ? null : new Date(outcome.paidAt),
    failureReason: outcome.failureReason,
    payload: outcome.payload,
  };
}
