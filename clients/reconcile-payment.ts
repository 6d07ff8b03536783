import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

import { paymentWorkflowId } from '../domain/payments/payment-id-rules';

/**
 * Has `payment/<id>` take a payment in, and give back what is due: started, or told when it runs already (D5).
 * @param summary of the workflow, should it be started
 * @returns whether it was started
 */
export async function reconcilePayment(
  temporal: Client,
  { companyId, paymentId, summary }: { companyId: number; paymentId: number; summary: string },
): Promise<boolean> {
  const workflowId = paymentWorkflowId(paymentId);

  try {
    await temporal.workflow.start('payment', {
      workflowId,
      taskQueue: 'payment-svc',
      args: [{ companyId, paymentId, reconcile: true }],
      staticSummary: summary,
    });

    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
    await temporal.workflow.getHandle(workflowId).signal('reconcile');

    return false;
  }
}
