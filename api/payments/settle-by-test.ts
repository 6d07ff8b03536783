import { settleAtOwner } from '../../clients/payment-owner-client';
import { AppError } from '../../domain/errors';
import { readPayment } from '../../domain/payments/read-payment';
import { readPaymentRow } from '../../domain/payments/list-payments';
import type { PaymentRow } from '../../domain/payments/payment-view';
import { markSignalled, type RecordedOutcome, recordOutcome } from '../../domain/payments/record-outcome';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import type { ApiDependencies } from '../dependencies';

interface TestOutcome {
  companyId: number;
  paymentId: number;
  outcome: 'success' | 'failed';
  reason: string | null;
}

/**
 * The documents' test payment (S274–S276): enters an outcome as a provider's callback would and answers when the owner
 * has taken it in. Repeating it changes nothing, and waits for the same.
 * @throws AppError not_found
 */
export async function settleByTest(deps: ApiDependencies, input: TestOutcome): Promise<PaymentRow> {
  const { companyId, paymentId } = input;
  const recorded = await enterOutcome(deps, input);
  const isTakenIn =
    recorded !== null &&
    // What is over takes nothing in: the relay then hands the money to `payment/<id>`.
    (await settleAtOwner(
      deps,
      { ...recorded, ...input },
      { updateId: `settle:${paymentId}:${input.outcome}`, until: answerDeadline(deps) },
    ));
  const row = await readPaymentRow(deps.database.eachAlone(companyId), { paymentId });

  if (row === null) {
    throw notFound(paymentId);
  }

  // An order that a payment completed has noted so itself.
  const isNoted = recorded?.orderId != null && row.status === 'success';
  const inboxId = recorded?.inboxId ?? null;

  if (isTakenIn && inboxId !== null && !isNoted) {
    await deps.database.withTenantSql(companyId, (tx) =>
      markSignalled(tx, { paymentId, inboxId, now: deps.clock.now() }),
    );
  }

  return row;
}

function enterOutcome(deps: ApiDependencies, input: TestOutcome): Promise<RecordedOutcome | null> {
  const { paymentId } = input;
  const isSuccess = input.outcome === 'success';

  return deps.database.withTenantSql(input.companyId, async (tx) => {
    const payment = await readPayment(tx, paymentId);

    if (payment === null) {
      throw notFound(paymentId);
    }

    const outcome = {
      reference: payment.reference,
      provider: 'test',
      outcome: input.outcome,
      paidAmount: isSuccess ? payment.amount : 0,
      transactionId: isSuccess ? `TEST-${paymentId}` : null,
      paidAt: deps.clock.now(),
      failureReason: input.reason,
      payload: { source: 'test endpoint' },
    };

    return recordOutcome(tx, outcome, deps.clock.now());
  });
}

function notFound(paymentId: number): AppError {
  return new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
}
