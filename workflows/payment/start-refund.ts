import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';

import { paymentWorkflowId } from '../../domain/payments/payment-id-rules';
import { reconcilePaymentSignal } from './payment-messages';
import { payment } from './payment';

/** One that runs may end between being found running and being told; then it is started after all. */
const tries = 3;

/**
 * Hands money that must go back to `payment/<id>`, which outlives whoever asked (D24). Never throws: the payment stays
 * `refund_due`, which `bmms doctor --repair` finds.
 */
export async function startRefund(companyId: number, paymentId: number): Promise<void> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      return (await wasStarted(companyId, paymentId)) ? undefined : await tellRunning(paymentId);
    } catch (error) {
      log.warn('the refund could not be handed over', { paymentId, attempt, error });
    }
  }
}

async function wasStarted(companyId: number, paymentId: number): Promise<boolean> {
  try {
    await startChild(payment, {
      workflowId: paymentWorkflowId(paymentId),
      taskQueue: 'payment-svc',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ companyId, paymentId, reconcile: true }],
      staticSummary: `give payment ${paymentId} back`,
    });

    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }

    return false;
  }
}

function tellRunning(paymentId: number): Promise<void> {
  return getExternalWorkflowHandle(paymentWorkflowId(paymentId)).signal(reconcilePaymentSignal);
}
