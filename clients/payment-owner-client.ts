import { paymentOwner } from '../domain/payments/payment-owner-rules';
import type { ClientParts } from './client-parts';
import { orderRecipient } from './order-client';
import { reconcilePayment } from './payment-client';
import { type Recipient, sendOrRestart, unlessOver } from './send-or-restart';
import { subscriptionRecipient } from './subscription-client';

/** A payment whose news its order or its subscription takes in (D5). */
export interface OwnedPayment {
  companyId: number;
  paymentId: number;
  orderId: number | null;
  subscriptionId: number | null;
}

/**
 * Tells the owner of a payment that the payment inbox holds news of it. When it is over, `payment/<id>` takes the money in
 * and gives it back.
 */
export async function tellPaymentOwner(parts: ClientParts, payment: OwnedPayment): Promise<void> {
  const { companyId, paymentId } = payment;
  const isTold = await sendToOwner(parts, payment, (workflowId) =>
    parts.temporal.workflow.getHandle(workflowId).signal('paymentSettled', { paymentId }),
  );

  if (!isTold) {
    await reconcilePayment(parts, { companyId, paymentId });
  }
}

/**
 * The same, and waits until it has taken the news in.
 * @param options.until epoch milliseconds
 * @returns false when it is over, or nobody owns the payment
 */
export function settleAtOwner(
  parts: ClientParts,
  payment: OwnedPayment,
  options: { updateId: string; until: number },
): Promise<boolean> {
  const { connection, workflow } = parts.temporal;

  return sendToOwner(parts, payment, (workflowId) =>
    connection.withDeadline(options.until, () =>
      workflow.getHandle(workflowId).executeUpdate<void, [{ paymentId: number }]>('settlePayment', {
        args: [{ paymentId: payment.paymentId }],
        updateId: options.updateId,
      }),
    ),
  );
}

async function sendToOwner(
  parts: ClientParts,
  payment: OwnedPayment,
  send: (workflowId: string) => Promise<void>,
): Promise<boolean> {
  const workflowId = paymentOwner(payment);
  const recipient = recipientOf(parts, payment);

  return workflowId !== null && recipient !== null && unlessOver(sendOrRestart(recipient, () => send(workflowId)));
}

function recipientOf(parts: ClientParts, { companyId, orderId, subscriptionId }: OwnedPayment): Recipient | null {
  if (orderId !== null) {
    return orderRecipient(parts, { companyId, id: orderId });
  }

  return subscriptionId === null ? null : subscriptionRecipient(parts, { companyId, id: subscriptionId });
}
