import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';

import type { RefundCommand } from '../domain/payments/payment-command-schema';
import { paymentWorkflowId } from '../domain/payments/payment-id-rules';
import { sendAgainWhile } from '../platform/temporal/send-again';
import type { PaymentWorkflowInput } from '../workflows/payment/payment-messages';
import type { ClientParts } from './client-parts';
import { startUnlessRunning, updateWithStart, type WorkflowStart } from './workflow-start';

export function paymentStart(input: PaymentWorkflowInput, summary: string): WorkflowStart {
  return {
    type: 'payment',
    workflowId: paymentWorkflowId(input.paymentId),
    taskQueue: 'payment-svc',
    input,
    companyId: input.companyId,
    urgency: 'asked',
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

  return sendAgainWhile(isEnding, () =>
    temporal.connection.withDeadline(until, () =>
      updateWithStart<void>(temporal, start, {
        name: 'refund',
        args: [request],
        updateId: `refund:${request.refundId}`,
        reuse: 'ALLOW_DUPLICATE',
      }),
    ),
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

  return sendAgainWhile(isEnding, async () => {
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

/** One that is just ending is gone at the next try, which starts another. */
const isEnding = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError;
