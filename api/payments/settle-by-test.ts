import { WorkflowNotFoundError } from '@temporalio/client';

import { AppError } from '../../domain/errors';
import { orderSubject } from '../../domain/orders/order-number-rules';
import { readPayment } from '../../domain/payments/read-payment';
import { readPaymentRow } from '../../domain/payments/list-payments';
import type { PaymentRow } from '../../domain/payments/payment-view';
import { markSignalled, recordOutcome } from '../../domain/payments/record-outcome';
import { answerDeadlineMs } from '../orders/answer-deadline';
import type { ApiDependencies } from '../dependencies';

/**
 * The documents' test payment (S274–S276): enters an outcome as a provider's callback would and answers when the owner
 * has taken it in. Repeating it changes nothing.
 * @throws AppError not_found
 */
export async function settleByTest(
  deps: ApiDependencies,
  input: { companyId: number; paymentId: number; outcome: 'success' | 'failed'; reason: string | null },
): Promise<PaymentRow> {
  const { companyId, paymentId } = input;
  const { database, clock, temporal } = deps;
  const recorded = await database.withTenantSql(companyId, async (tx) => {
    const payment = await readPayment(tx, paymentId);

    if (payment === null) {
      throw new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
    }

    return recordOutcome(
      tx,
      {
        reference: payment.reference,
        provider: 'test',
        outcome: input.outcome,
        paidAmount: input.outcome === 'success' ? payment.amount : 0,
        transactionId: input.outcome === 'success' ? `TEST-${paymentId}` : null,
        paidAt: clock.now(),
        failureReason: input.reason,
        payload: { source: 'test endpoint' },
      },
      clock.now(),
    );
  });

  let isTakenIn = false;

  if (recorded?.orderId != null && recorded.isNew) {
    const handle = temporal.workflow.getHandle(orderSubject(recorded.orderId));

    try {
      await temporal.connection.withDeadline(clock.now().getTime() + answerDeadlineMs, () =>
        handle.executeUpdate<void, [{ paymentId: number }]>('settlePayment', {
          args: [{ paymentId }],
          updateId: `settle:${paymentId}:${input.outcome}`,
        }),
      );
      isTakenIn = true;
    } catch (error) {
      // The order is over: the relay hands the money to payment/<id>.
      if (!(error instanceof WorkflowNotFoundError)) {
        throw error;
      }
    }
  }

  return database.withTenantSql(companyId, async (tx) => {
    const row = await readPaymentRow(tx, { paymentId });

    if (row === null) {
      throw new AppError('not_found', { detail: `There is no payment ${paymentId}.` });
    }

    if (isTakenIn) {
      await markSignalled(tx, paymentId, clock.now());
    }

    return row;
  });
}
