import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';

import { paymentWorkflowId } from '../domain/payments/payment-id-rules';
import { reconcilePaymentSignal } from './messages';
import { payment } from './payment';

/** Hands money that must go back to `payment/<id>`, which outlives whoever asked (D24). */
export async function startRefund(companyId: number, paymentId: number): Promise<void> {
  const workflowId = paymentWorkflowId(paymentId);

  try {
    await startChild(payment, {
      workflowId,
      taskQueue: 'payment-svc',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ companyId, paymentId, reconcile: true }],
      staticSummary: `give payment ${paymentId} back`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
    await getExternalWorkflowHandle(workflowId).signal(reconcilePaymentSignal);
  }
}
