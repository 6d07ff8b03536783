import { allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';

import type { RefundToSend } from '../domain/payments/begin-refund';
import { databaseSteps, payments } from './activity-proxies';
import { CommandQueue, refusal } from './command-queue';
import {
  type PaymentWorkflowInput,
  reconcilePaymentSignal,
  type RefundRequestMessage,
  requestRefundUpdate,
} from './messages';

/** How long an answer waits for the provider; the refund goes on without it. */
const patience = '3 s';

/**
 * `payment/<id>` on payment-svc: gives money back, on request or because its owner is over (D5, D24). It runs while
 * there is something to do; a later refund starts it again.
 */
export async function payment({ companyId, paymentId, reconcile }: PaymentWorkflowInput): Promise<void> {
  const commands = new CommandQueue();
  setHandler(requestRefundUpdate, async (request) => {
    const refund = await commands.perform(() => begin(request));
    let isSent = false;
    commands.add(async () => {
      await send(refund);
      isSent = true;
    });
    await condition(() => isSent, patience, { summary: 'most providers answer at once' });

    return refund;
  });
  setHandler(reconcilePaymentSignal, () => commands.add(takeIn));

  if (reconcile) {
    commands.add(takeIn);
  } else {
    await commands.nextOr(60_000, `payment ${paymentId}: what is asked of it`);
  }

  do {
    await commands.runAll();
    await condition(() => !commands.isEmpty || allHandlersFinished());
  } while (!commands.isEmpty);

  async function begin(request: RefundRequestMessage): Promise<RefundToSend> {
    const begun = await databaseSteps.beginRefund({ companyId, paymentId, ...request });

    if (begun.kind === 'refused') {
      throw refusal(begun.error);
    }

    return begun.value;
  }

  async function send(refund: RefundToSend): Promise<void> {
    const what = `${refund.amount} ${refund.currency} (refund ${refund.refundId})`;
    setCurrentDetails(`giving ${what} back by ${refund.method}`);
    const outcome = await payments.refundAtProvider(refund);
    await databaseSteps.completeRefund({ companyId, refundId: refund.refundId, outcome });
    setCurrentDetails(
      outcome.kind === 'succeeded' ? `gave ${what} back` : `could not give ${what} back: ${outcome.reason}`,
    );
  }

  /** The owner of the money is over, or does not want it: all that is left of it goes back. */
  async function takeIn(): Promise<void> {
    const { refundDue } = await databaseSteps.reconcilePayment({ companyId, paymentId });

    if (!refundDue) {
      return;
    }

    const begun = await databaseSteps.beginRefund({
      companyId,
      paymentId,
      refundId: null,
      amount: null,
      reason: 'refund_due',
    });

    if (begun.kind === 'done') {
      await send(begun.value);
    }
  }
}
