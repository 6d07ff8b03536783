import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';

import { paymentWorkflowId } from '../../domain/payments/payment-id-rules';
import { payment } from '../payment/payment';

/**
 * Has `payment/<id>` charge a saved method, or the token of a payment by hand; it outlives its subscription's run and tells
 * the result by a signal (D24). One that is started already is left alone.
 */
export async function startCharge(input: {
  companyId: number;
  subscriptionId: number;
  paymentId: number;
  token: string | null;
}): Promise<void> {
  const { companyId, subscriptionId, paymentId, token } = input;

  try {
    await startChild(payment, {
      workflowId: paymentWorkflowId(paymentId),
      taskQueue: 'payment-svc',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ companyId, paymentId, reconcile: false, charge: { subscriptionId, token } }],
      staticSummary: `charge payment ${paymentId} of subscription ${subscriptionId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }
  }
}
