import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';

import { orderSubject } from '../domain/orders/order-number-rules';
import type { OrderRow } from '../domain/orders/order-view';
import { orderWorkflowInput } from '../domain/orders/order-workflow-input';
import { businessAttributes } from '../platform/temporal/search-attributes';

/** Starts the workflow of an order that stands in PostgreSQL but not in Temporal; it goes on where the row is. @returns whether it was started */
export async function restartOrderWorkflow(
  { temporal }: { temporal: Pick<Client, 'workflow'> },
  companyId: number,
  order: OrderRow,
): Promise<boolean> {
  try {
    await temporal.workflow.start('order', {
      workflowId: orderSubject(order.id),
      taskQueue: 'order-svc',
      args: [orderWorkflowInput(companyId, order)],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${order.orderNumber} of customer ${order.customerId}, started again`,
      typedSearchAttributes: businessAttributes({ companyId, customerId: order.customerId, businessModel: 'retail' }),
    });

    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }

    return false;
  }
}
