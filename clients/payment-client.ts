import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';

import type { RefundCommand } from '../domain/payments/payment-command-schema';
import { paymentWorkflowId } from '../domain/payments/payment-id-rules';
import { sendAnew } from '../platform/temporal/lost-update-rules';
import type { PaymentWorkflowInput } from '../workflows/payment/payment-messages';
import type { ClientParts } from './client-parts';
import { startUnlessRunning, toStartWith, type WorkflowStart } from './workflow-start';

/** One that is just ending is gone at the next try, which starts another. */
const mostTries = 3;

export function paymentStart(input: PaymentWorkflowInput, summary: string): WorkflowStart {
  return {
    type: 'payment',
    workflowId: paymentWorkflowId(input.paymentId),
    taskQueue: 'payment-svc',
    input,
    summary,
  };
}

/**
 * Starts `payment/<id>` when it does not run, and asks it for a refund; the same refund id is the same refund.
 * @param options.until epoch milliseconds
 * @throws what the refund is refused with: payment_state, refund_exceeds_payment
 */
export function requestRefund(
  { temporal }: Pick<ClientParts, 'temporal'>,
  options: { companyId: number; paymentId: number; request: RefundCommand; until: number },
): Promise<void> {
  const { companyId, paymentId, request, until } = options;
  const start = paymentStart({ companyId, paymentId, reconcile: false }, `refund of payment ${paymentId}`);

  return whileEnding(() =>
    temporal.connection.withDeadline(until, async () => {
      await sendAnew(() =>
        temporal.workflow.executeUpdateWithStart<(input: unknown) => Promise<void>, unknown, [RefundCommand]>(
          'refund',
          {
            args: [request],
            startWorkflowOperation: toStartWith<void>(start, 'ALLOW_DUPLICATE'),
            updateId: `refund:${request.refundId}`,
          },
        ),
      );
    }),
  );
}

/** Has `payment/<id>` take a payment in whose owner is over, and give back what is due: started, or told when it runs (D5). */
export function reconcilePayment(
  { temporal }: Pick<ClientParts, 'temporal'>,
  { companyId, paymentId }: { companyId: number; paymentId: number },
): Promise<void> {
  const start = paymentStart(
    { companyId, paymentId, reconcile: true },
    `take payment ${paymentId} in; its owner is over`,
  );

  return whileEnding(async () => {
    if (!(await startUnlessRunning(temporal, start))) {
      await temporal.workflow.getHandle(start.workflowId).signal('reconcile');
    }
  });
}

/** Sends what is left of a payment's refunds, each under its own key. @returns whether it had to be started */
export function restartPayment(
  { temporal }: Pick<ClientParts, 'temporal'>,
  input: PaymentWorkflowInput,
): Promise<boolean> {
  return startUnlessRunning(temporal, paymentStart(input, `give money of payment ${input.paymentId} back`));
}

async function whileEnding(send: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      const isEnding = error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError;

      if (!isEnding || tries === mostTries) {
        throw error;
      }
    }
  }
}
