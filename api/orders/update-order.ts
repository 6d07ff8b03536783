import { type OrderUpdateName, updateOrder as sendUpdate } from '../../clients/order-client';
import { RecipientIsOver, refusalOf } from '../../clients/send-or-restart';
import { AppError } from '../../domain/errors';
import type { OrderRow } from '../../domain/orders/order-view';
import { readOrder } from '../../domain/orders/read-orders';
import type { ApiDependencies } from '../dependencies';
import { answerDeadline } from '../http/pipeline/answer-deadline';

/** Whether an order that is over shows that an update was carried out. */
const wasCarriedOut: Readonly<Record<OrderUpdateName, (order: OrderRow, message: unknown) => boolean>> = {
  pay: ({ payments }, message) => payments.some(({ id }) => id === (message as { paymentId: number }).paymentId),
  cancelOrder: ({ status }) => status === 'cancelled',
  ship: ({ shippedAt }) => shippedAt !== null,
  deliver: ({ status }) => status === 'delivered',
  settlePayment: () => false,
};

/**
 * Sends an update to an order's workflow, waits for its result, and reads the order back.
 * Temporal drops the answer of an update when news arrives as its workflow ends, and knows none that a workflow which is over
 * was not asked. So an order that is over, and shows what it was asked for meanwhile, or under a request whose answer was
 * lost, is an answer.
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
    const overAs = stateOfRefusal(error);
    const after = overAs === null ? null : await findOrder(deps, options);

    if (
      after !== null &&
      after.status === overAs &&
      wasCarriedOut[name](after, message) &&
      (isRepeat || before.status !== after.status)
    ) {
      return after;
    }
    throw error;
  }

  return findOrder(deps, options);
}

/** In which state the order was that could not take the update: it was over, or just ending; null: of no such refusal. */
function stateOfRefusal(error: unknown): string | null {
  const refusal = error instanceof RecipientIsOver ? error : refusalOf(error, 'The order');
  const state = refusal?.code === 'order_state' ? refusal.params['state'] : null;

  return typeof state === 'string' ? state : null;
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
