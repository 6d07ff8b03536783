import { type OrderUpdateName, updateOrder as sendUpdate } from '../../clients/order-client';
import { AppError } from '../../domain/errors';
import type { OrderRow } from '../../domain/orders/order-view';
import { readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';

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
  const { companyId, orderId, name, message, effectKey } = options;
  await findOrder(deps, options);
  await sendUpdate(deps, {
    companyId,
    id: orderId,
    name,
    message,
    until: answerDeadline(deps),
    ...(effectKey === null ? {} : { updateId: `${name}:${effectKey}` }),
  });

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
