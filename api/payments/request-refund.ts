import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';

import { paymentWorkflowId } from '../../domain/payments/payment-id-rules';
import type { RefundCommand } from '../../domain/payments/payment-command-schema';
import type { PaymentWorkflowInput } from '../../workflows/messages';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import type { ApiDependencies } from '../dependencies';

const mostTries = 3;

/**
 * Starts `payment/<id>` when it does not run, and asks it for a refund; the same refund id is the same refund.
 * @throws AppError payment_state, refund_exceeds_payment
 */
export async function requestRefund(
  deps: Pick<ApiDependencies, 'temporal' | 'clock' | 'config'>,
  companyId: number,
  paymentId: number,
  request: RefundCommand,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await askForRefund(deps, companyId, paymentId, request);
    } catch (error) {
      // Its workflow was just ending: the next try starts another.
      if (!(error instanceof WorkflowNotFoundError) || tries === mostTries) {
        throw error;
      }
    }
  }
}

async function askForRefund(
  deps: Pick<ApiDependencies, 'temporal' | 'clock' | 'config'>,
  companyId: number,
  paymentId: number,
  request: RefundCommand,
): Promise<void> {
  const start = new WithStartWorkflowOperation<(input: PaymentWorkflowInput) => Promise<void>>('payment', {
    workflowId: paymentWorkflowId(paymentId),
    taskQueue: 'payment-svc',
    args: [{ companyId, paymentId, reconcile: false }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `refund of payment ${paymentId}`,
  });

  await deps.temporal.connection.withDeadline(answerDeadline(deps), () =>
    deps.temporal.workflow.executeUpdateWithStart<
      (input: PaymentWorkflowInput) => Promise<void>,
      unknown,
      [RefundCommand]
    >('refund', {
      args: [request],
      startWorkflowOperation: start,
      updateId: `refund:${request.refundId}`,
    }),
  );
}
