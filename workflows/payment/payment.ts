import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';

import type { RefundToSend } from '../../domain/payments/begin-refund';
import { formatMoney } from '../../domain/money/currency-rules';
import { subscriptionSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import { databaseSteps, payments } from '../entity/activity-proxies';
import { CommandQueue, refusal } from '../entity/command-queue';
import {
  type PaymentWorkflowInput,
  reconcilePaymentSignal,
  type RefundRequestMessage,
  requestRefundUpdate,
} from '../messages';

/** How long an answer waits for the provider; the refund goes on without it. */
const patience = '3 s';

/**
 * `payment/<id>` on payment-svc: charges a saved method for a subscription (D24), and gives money back, on request or
 * because its owner is over (D5). It runs while
 * there is something to do; a later refund starts it again.
 */
export async function payment({ companyId, paymentId, reconcile, charge }: PaymentWorkflowInput): Promise<void> {
  const commands = new CommandQueue();
  let isAsked = false;
  setHandler(requestRefundUpdate, async (request) => {
    isAsked = true;
    // Not in line: what is being sent may wait for its provider for hours, and the payment's row lock keeps order.
    const refund = await begin(request);
    let isSent = false;
    commands.add(async () => {
      await send(refund);
      isSent = true;
    });
    await condition(() => isSent, patience, { summary: 'most providers answer at once' });

    return refund;
  });
  setHandler(reconcilePaymentSignal, () => commands.add(takeIn));

  if (charge !== undefined) {
    commands.add(() => chargeAndTell(charge));
  } else if (reconcile) {
    commands.add(takeIn);
  } else {
    await commands.nextOr(60_000, `payment ${paymentId}: what is asked of it`, () => isAsked);
  }

  do {
    await commands.runAll();
    await condition(() => !commands.isEmpty || allHandlersFinished());
  } while (!commands.isEmpty);

  /** Off-session: asks until the provider says yes or no, then tells the subscription, or takes it in itself. */
  async function chargeAndTell({
    subscriptionId,
    token,
  }: {
    subscriptionId: number;
    token: string | null;
  }): Promise<void> {
    setCurrentDetails(`charging for subscription ${subscriptionId}`);
    const answer = await payments.chargePayment({ companyId, paymentId, token });
    setCurrentDetails(answer.outcome === 'success' ? 'charged' : 'declined');

    try {
      await getExternalWorkflowHandle(subscriptionSubject(subscriptionId)).signal('paymentSettled', { paymentId });
    } catch (error) {
      log.info('the subscription is over; its payment is taken in here', { paymentId, error });
      await takeIn();
    }
  }

  async function begin(request: RefundRequestMessage): Promise<RefundToSend> {
    const begun = await databaseSteps.beginRefund({ companyId, paymentId, ...request });

    if (begun.kind === 'refused') {
      throw refusal(begun.error);
    }

    return begun.value;
  }

  async function send(refund: RefundToSend): Promise<void> {
    const what = `${formatMoney(refund.amount, refund.currency)} (refund ${refund.refundId})`;
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
