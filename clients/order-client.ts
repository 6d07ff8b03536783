import { orderSubject } from '../domain/orders/order-number-rules';
import type { PlaceOrderInput, Placement } from '../domain/orders/order-types';
import type { OrderRow } from '../domain/orders/order-view';
import { orderWorkflowInput } from '../domain/orders/order-workflow-input';
import { readOrder } from '../domain/orders/read-orders';
import { businessAttributes } from '../platform/temporal/search-attributes';
import type { OrderStatusView, OrderWorkflowInput } from '../workflows/order/order-messages';
import type { ClientParts, OfCompany } from './client-parts';
import { type Recipient, RecipientIsOver, sendOrRestart } from './send-or-restart';
import { startWithUpdate } from './start-with-update';
import { startUnlessRunning, type WorkflowStart } from './workflow-start';

/** Updates of `order/<id>` that change it. */
export type OrderUpdateName = 'pay' | 'cancelOrder' | 'ship' | 'deliver' | 'settlePayment';

function orderStart(input: OrderWorkflowInput, stands: { status: string; orderNumber?: string }): WorkflowStart {
  const { companyId, orderId, customerId } = input;

  return {
    type: 'order',
    workflowId: orderSubject(orderId),
    taskQueue: 'order-svc',
    input,
    companyId,
    urgency: 'asked',
    summary: `order of customer ${customerId}`,
    searchAttributes: businessAttributes({ companyId, customerId, businessModel: 'retail', ...stands }),
  };
}

const restartOf = (companyId: number, order: OrderRow): WorkflowStart =>
  orderStart(orderWorkflowInput(companyId, order), { status: order.status, orderNumber: order.orderNumber });

/**
 * Starts `order/<id>` and waits for its placement; a repeat is answered the same.
 * @param options.until epoch milliseconds
 * @returns null when it is being placed, or was placed by an order that is over by now: read its row
 */
export async function placeOrder(
  { temporal }: Pick<ClientParts, 'temporal'>,
  input: PlaceOrderInput,
  options: { until: number; now: () => Date },
): Promise<Placement | null> {
  const first = await startWithUpdate<Placement, OrderStatusView>(temporal, orderStart(input, { status: 'pending' }), {
    update: 'placeOrder',
    ...options,
  });

  switch (first.kind) {
    case 'answered':
      return first.answer;
    case 'under_way':
      return null;
    case 'ended':
      return first.result.refusal === null ? null : { kind: 'refused', error: first.result.refusal };
  }
}

/**
 * Sends an update to an order and waits until it is done.
 * @param options.updateId makes a repeat of the request the same update
 * @param options.until epoch milliseconds
 */
export function updateOrder(
  parts: ClientParts,
  options: OfCompany & { name: OrderUpdateName; message: unknown; updateId?: string; until: number },
): Promise<unknown> {
  const { name, message, updateId, until } = options;
  const { connection, workflow } = parts.temporal;

  return sendOrRestart(orderRecipient(parts, options), () =>
    connection.withDeadline(until, () =>
      workflow.getHandle(orderSubject(options.id)).executeUpdate<unknown, [unknown]>(name, {
        args: [message],
        ...(updateId === undefined ? {} : { updateId }),
      }),
    ),
  );
}

/** @returns how its workflow is brought back */
export function orderRecipient(parts: ClientParts, of: OfCompany): Recipient {
  return {
    name: 'The order',
    async restart() {
      const order = await findOrder(parts, of);
      const { status } = order ?? { status: 'unknown' };

      if (order === null || status === 'cancelled' || status === 'delivered') {
        throw new RecipientIsOver('order_state', { detail: `The order is ${status}.`, params: { state: status } });
      }
      await startUnlessRunning(parts.temporal, restartOf(of.companyId, order));
    },
  };
}

/** @returns whether it had to be started */
export async function restartOrder(parts: ClientParts, of: OfCompany): Promise<boolean> {
  const order = await findOrder(parts, of);

  return order !== null && startUnlessRunning(parts.temporal, restartOf(of.companyId, order));
}

const findOrder = ({ database }: ClientParts, { companyId, id }: OfCompany): Promise<OrderRow | null> =>
  readOrder(database.eachAlone(companyId), { orderId: id });
