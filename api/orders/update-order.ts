import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

import { AppError } from '../../domain/errors';
import { orderSubject } from '../../domain/orders/order-number-rules';
import type { OrderRow } from '../../domain/orders/order-view';
import { readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';
import { restartOrderWorkflow } from '../../clients/restart-order';

/** Names of the updates of workflows/messages.ts that the API sends to an order. */
export type OrderUpdateName = 'pay' | 'cancelOrder' | 'ship' | 'deliver' | 'settlePayment';

/**
 * Sends an update to an order's workflow, waits for its result, and reads the order back.
 * @param options.effectKey makes a repeat of the request the same update
 * @throws AppError not_found, order_state, and what the update refuses; unavailable after the deadline
 */
export async function updateOrder(
  deps: ApiDependencies,
  options: {
    companyId: number;
    orderId: number;
    customerId?: number | null;
    name: OrderUpdateName;
    message: unknown;
    effectKey: string | null;
  },
): Promise<OrderRow> {
  await findOrder(deps, options);
  await executeOrderUpdate(deps, options);

  return findOrder(deps, options);
}

async function findOrder(
  deps: ApiDependencies,
  { companyId, orderId, customerId }: { companyId: number; orderId: number; customerId?: number | null },
) {
  const order = await readOrder(deps.database.eachAlone(companyId), { orderId, customerId });

  if (order === null) {
    throw new AppError('not_found', { detail: `There is no order ${orderId}.` });
  }

  return order;
}

async function executeOrderUpdate(
  deps: ApiDependencies,
  options: { companyId: number; orderId: number; name: OrderUpdateName; message: unknown; effectKey: string | null },
): Promise<void> {
  const deadline = answerDeadline(deps);
  const execute = () =>
    deps.temporal.connection.withDeadline(deadline, () =>
      deps.temporal.workflow.getHandle(orderSubject(options.orderId)).executeUpdate<unknown, [unknown]>(options.name, {
        args: [options.message],
        ...(options.effectKey === null ? {} : { updateId: `${options.name}:${options.effectKey}` }),
      }),
    );

  try {
    await execute();
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      throw new AppError('unavailable', {
        detail: 'The order has not answered yet. Read it again before you repeat.',
        cause: error,
      });
    }

    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }

    await repeatOnNewRun(deps, options, execute);
  }
}

/** The order may have ended meanwhile; else its row needs a workflow that Temporal lost, which is started again. */
async function repeatOnNewRun(
  deps: ApiDependencies,
  options: { companyId: number; orderId: number },
  execute: () => Promise<unknown>,
): Promise<void> {
  await restartOrderWorkflow(deps, options.companyId, await findOpenOrder(deps, options));

  try {
    await execute();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) {
      throw error;
    }
    await findOpenOrder(deps, options);
    throw new AppError('unavailable', { detail: 'The order is being started again.', cause: error });
  }
}

/** @throws AppError order_state when it has ended */
async function findOpenOrder(
  deps: ApiDependencies,
  options: { companyId: number; orderId: number },
): Promise<OrderRow> {
  const order = await findOrder(deps, options);

  if (order.status === 'cancelled' || order.status === 'delivered') {
    throw new AppError('order_state', { detail: `The order is ${order.status}.`, params: { state: order.status } });
  }

  return order;
}
