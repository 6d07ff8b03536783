import { type OrderUpdateName, updateOrder as sendUpdate } from '../../clients/order-client';
import { RecipientIsOver } from '../../clients/send-or-restart';
import { AppError } from '../../domain/errors';
import type { OrderRow } from '../../domain/orders/order-view';
import { readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';

/** What an order is left in by the updates that end it. */
const endOf: Partial<Record<OrderUpdateName, string>> = { cancelOrder: 'cancelled', deliver: 'delivered' };

/**
 * Sends an update to an order's workflow, waits for its result, and reads the order back.
 * Temporal drops the answer of an update when news arrives as its workflow ends. So an order that ended meanwhile, or
 * under a request whose answer was lost, as it was asked to, is an answer.
 * @param options.effectKey makes a repeat of the request the same update
 * @param options.isRepeat it was under way before
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
    isRepeat?: boolean;
  },
): Promise<OrderRow> {
  const { companyId, orderId, name, message, effectKey, isRepeat = false } = options;
  const before = await findOrder(deps, options);

  try {
    await sendUpdate(deps, {
      companyId,
      id: orderId,
      name,
      message,
      until: answerDeadline(deps),
      ...(effectKey === null ? {} : { updateId: `${name}:${effectKey}` }),
    });
  } catch (error) {
    const after = error instanceof RecipientIsOver ? await findOrder(deps, options) : null;

    if (after !== null && after.status === endOf[name] && (isRepeat || before.status !== after.status)) {
      return after;
    }
    throw error;
  }

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
