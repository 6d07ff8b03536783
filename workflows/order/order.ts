import { allHandlersFinished, condition, log, patched, setHandler } from '@temporalio/workflow';

import {
  describe,
  evolve,
  initialLifecycle,
  isOver,
  type OrderEvent,
  timeLeftToPay,
} from '../../domain/orders/order-lifecycle-rules';
import { orderCommands } from '../../domain/orders/order-command-schema';
import { paymentSettled } from '../../domain/payments/payment-command-schema';
import type { Placement, StartedPayment } from '../../domain/orders/order-types';
import { databaseSteps, payments, questions } from '../entity/activity-proxies';
import { CommandQueue, refusal } from '../entity/command-queue';
import { showDetails } from '../entity/current-details';
import {
  cancelOrderUpdate,
  cancelSignal,
  deliverOrderUpdate,
  type OrderStatusView,
  orderStatusQuery,
  type OrderWorkflowInput,
  type PayOrder,
  payOrderUpdate,
  paymentSettledSignal,
  placeOrderUpdate,
  settlePaymentUpdate,
  shipOrderUpdate,
} from './order-messages';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { isDefect, PostponedWork, reasonOf } from '../entity/postponed-work';
import { PatientAnswers } from '../entity/patient-answers';
import { readMessage } from '../entity/read-message';
import { showStatus } from '../entity/shown-status';
import { soonest, timeUntil } from '../entity/soonest';
import { handOverPostponed } from '../payment/hand-over-postponed';
import { startRefund } from '../payment/start-refund';
import { workflowNow } from '../entity/workflow-clock';

/** Refused messages that are kept to be looked at; older ones are in the history. */
const keptRejections = 20;

const closing = 'closing the order';

/**
 * `order/<id>`: from placing to delivery. Places the order, waits for payment, cancel or the end of the window (D11),
 * completes it, ships and delivers it. PostgreSQL decides between payment, cancel and window: whichever commits first.
 */
export function order(input: OrderWorkflowInput): Promise<OrderStatusView> {
  return withOwnCancellation((onCancelRequest) => runOrder(input, onCancelRequest));
}

async function runOrder(
  input: OrderWorkflowInput,
  onCancelRequest: (take: () => void) => void,
): Promise<OrderStatusView> {
  const commands = new CommandQueue();
  const { companyId, orderId } = input;
  const later = new PostponedWork();
  const answers = new PatientAnswers();
  let rejected: OrderStatusView['rejected'] = [];
  let state = initialLifecycle;
  let placement: Placement | null = null;
  let paymentId: number | null = null;
  let chargesUnderWay = 0;
  const placed = () => (placement?.kind === 'placed' ? placement : null);
  const payBy = () => (state.payBy === null ? null : (placed()?.payBy ?? null));
  const show = () =>
    showDetails([
      placed()?.orderNumber ?? '',
      describe(state, payBy()),
      ...later.lines,
      ...rejected.map((one) => `refused ${one.message}: ${one.reason}`),
    ]);
  const note = (event: OrderEvent) => {
    state = evolve(state, event);
    show();
    showStatus(state.status, placed()?.orderNumber);
  };
  const view = (): OrderStatusView => ({
    status: state.status,
    paymentStatus: state.paymentStatus,
    payBy: payBy(),
    paymentId,
    rejected,
    refusal: placement?.kind === 'refused' ? placement.error : null,
  });
  const cardHasAnswered = () => chargesUnderWay === 0;

  setHandler(orderStatusQuery, view, { description: 'Where the order stands, and what was refused.' });
  setHandler(
    placeOrderUpdate,
    async () => {
      await condition(() => placement !== null);
      await waitForCard();

      return placement as Placement;
    },
    { description: 'Answers when the order is placed, or refused.' },
  );
  setHandler(
    payOrderUpdate,
    async (message) => {
      const started = await commands.perform(() => startPayment(readMessage(orderCommands.pay, message)));
      await waitForCard();

      return started;
    },
    {
      validator: (message) => void readMessage(orderCommands.pay, message),
      description: 'Starts another payment; the one before is set aside.',
    },
  );
  setHandler(
    cancelOrderUpdate,
    (message) => commands.perform(() => cancel(readMessage(orderCommands.cancelOrder, message).reason, 'request')),
    {
      validator: (message) => void readMessage(orderCommands.cancelOrder, message),
      description: 'Cancels the order, unless it is shipped. Members: reason.',
    },
  );
  setHandler(shipOrderUpdate, (message) => commands.perform(() => ship(readMessage(orderCommands.ship, message))), {
    validator: (message) => void readMessage(orderCommands.ship, message),
    description: 'Notes that the order is shipped. Members: carrier, trackingNumber.',
  });
  setHandler(deliverOrderUpdate, () => commands.perform(deliver), {
    description: 'Notes that the order is delivered; cash is taken in with it.',
  });
  setHandler(settlePaymentUpdate, ({ paymentId: id }) => commands.perform(() => settleOrPostpone(id)), {
    validator: (message) => void readMessage(paymentSettled, message),
    description: 'Takes the news of a payment in, and answers when that is done. Members: paymentId.',
  });
  setHandler(
    paymentSettledSignal,
    (message) =>
      commands.add(() =>
        orReject('paymentSettled', () => settleOrPostpone(readMessage(paymentSettled, message).paymentId)),
      ),
    { description: 'There is news of a payment. Members: paymentId.' },
  );
  setHandler(
    cancelSignal,
    (message) =>
      commands.add(() =>
        orReject('cancel', () => cancel(readMessage(orderCommands.cancelOrder, message).reason, 'request')),
      ),
    { description: 'Cancels the order, unless it is shipped. Members: reason.' },
  );
  onCancelRequest(() =>
    commands.add(() => orReject('request to cancel', () => cancel('cancelled by an operator', 'request'))),
  );
  noteUnknownSignals(['cancel', 'paymentSettled'], reject);

  placement = await databaseSteps('place the order').placeOrder(input);

  if (placement.kind === 'refused') {
    note({ type: 'refused' });
  } else {
    note({
      type: 'placed',
      status: placement.status,
      payBy: placement.payBy === null ? null : Date.parse(placement.payBy),
    });
    collect(placement.payment, input.paymentToken);
  }

  while (!isOver(state)) {
    const givesUpAt = answers.nextAt;
    const wake = soonest(
      {
        in: later.has(closing) ? null : timeLeftToPay(state, workflowNow()),
        summary: `order ${orderId}: time to pay ends`,
        run: () => later.attempt(closing, closeWindow),
      },
      {
        in: timeUntil(later.nextAt),
        summary: `order ${orderId}: a failed step is tried again`,
        run: () => later.runDue(),
      },
      {
        in: timeUntil(givesUpAt),
        summary: 'the card usually answers at once',
        run: () => Promise.resolve(answers.giveUpDue()),
      },
    );
    const isAwake = await commands.nextOr(wake.in, wake.summary, () => answers.nextAt !== givesUpAt);
    await (isAwake ? commands.runAll() : wake.run());
    show();
  }

  // What still arrives, or a charge still under way, is answered before the workflow ends: money must find its owner.
  do {
    await commands.runAll();
    await handOverPostponed(companyId, later);
    await condition(() => !commands.isEmpty || (cardHasAnswered() && allHandlersFinished()));
  } while (!commands.isEmpty);

  return view();

  /** A free order is settled at once; a token is charged; everything else waits for the customer. */
  function collect(payment: StartedPayment, token: string | null): void {
    paymentId = payment.paymentId;

    if (payment.status === 'success') {
      commands.add(() => orReject('payment', () => settleOrPostpone(payment.paymentId)));
    } else if (payment.isCharged && token !== null) {
      chargesUnderWay += 1;
      void charge(payment.paymentId, token);
    } else if (payment.isCharged) {
      // Started again: tokens are not kept, and an earlier run may have charged this one.
      commands.add(() => orReject('payment', () => askAndSettle(payment.paymentId)));
    }
  }

  async function askAndSettle(id: number): Promise<void> {
    await askProvider(id);
    await settleOrPostpone(id);
  }

  /** Runs beside the loop, so that a provider that is away does not hold up a cancel. */
  async function charge(id: number, token: string): Promise<void> {
    try {
      await payments(`charge payment ${id}`).chargePayment({ companyId, paymentId: id, token });
    } catch (error) {
      log.error('the charge was given up', { paymentId: id, error });
    }
    commands.add(async () => {
      await orReject('charge', () => settleOrPostpone(id));
      chargesUnderWay -= 1;
    });
  }

  async function waitForCard(): Promise<void> {
    if (cardHasAnswered()) {
      return;
    }

    // Runs of before had a timer for each answer; this may go once none of November 2026 is open any more.
    if (patched('answers-wait-in-the-loop')) {
      await answers.wait(() => cardHasAnswered() || isOver(state));
    } else {
      await condition(cardHasAnswered, '3 s', { summary: 'the card usually answers at once' });
    }
  }

  /** Money must find its order: what cannot be entered now is shown, and tried again. */
  async function settleOrPostpone(id: number): Promise<void> {
    try {
      await settle(id);
    } catch (error) {
      if (isDefect(error)) {
        later.keepPayment(id, error, () => settle(id));
      }
      throw error;
    }
  }

  async function settle(id: number): Promise<void> {
    const settlement = await databaseSteps(`take payment ${id} in`).settleOrder({ companyId, orderId, paymentId: id });

    switch (settlement.kind) {
      case 'completed':
        return note({ type: 'payment_completed' });
      case 'failed':
        return note({ type: 'payment_failed' });
      case 'refund_due':
        return startRefund(companyId, settlement.paymentId);
      case 'unchanged':
        return;
      case 'refused':
        throw refusal(settlement.error);
    }
  }

  async function startPayment(pay: PayOrder): Promise<StartedPayment> {
    const started = await databaseSteps('start another payment').startPayment({ ...pay, companyId, orderId });

    if (started.kind === 'refused') {
      throw refusal(started.error);
    }
    note({ type: 'payment_started' });
    collect(started.value, pay.paymentToken);

    return started.value;
  }

  async function cancel(reason: string, cause: 'request' | 'window'): Promise<void> {
    const cancellation = await databaseSteps(
      cause === 'window' ? 'cancel: not paid in time' : 'cancel on request',
    ).cancelOrder({ companyId, orderId, reason, cause });

    switch (cancellation.kind) {
      case 'refused':
        throw refusal(cancellation.error);
      case 'paid_first':
        if (cancellation.paymentId !== null) {
          await settle(cancellation.paymentId);
        }

        // Whatever has become of the money since: the row says that nothing is waited for any more.
        return state.status === 'pending' ? note({ type: 'payment_completed' }) : undefined;
      case 'cancelled':
        note({ type: 'cancelled' });
        for (const id of cancellation.refunds) {
          await startRefund(companyId, id);
        }
    }
  }

  /** A signal cannot be refused: what is wrong with it is shown, and the order goes on. */
  async function orReject(message: string, command: () => Promise<void>): Promise<void> {
    try {
      await command();
    } catch (error) {
      reject(message, reasonOf(error));
    }
  }

  function reject(message: string, reason: string): void {
    rejected = [...rejected, { message, reason }].slice(-keptRejections);
    show();
  }

  /** The provider is asked first: the money may have come and its message got lost. */
  async function closeWindow(): Promise<void> {
    if (paymentId !== null && cardHasAnswered()) {
      await askProvider(paymentId);
    }
    await cancel('not paid in time', 'window');
  }

  async function askProvider(id: number): Promise<void> {
    try {
      await questions(`ask what became of payment ${id}`).queryPayment({ companyId, paymentId: id });
    } catch (error) {
      log.warn('the provider does not answer; a late payment will be refunded', { paymentId: id, error });
    }
  }

  async function ship(shipment: { carrier: string | null; trackingNumber: string | null }): Promise<void> {
    const shipped = await databaseSteps('note that it is shipped').shipOrder({ companyId, orderId, ...shipment });

    if (shipped.kind === 'refused') {
      throw refusal(shipped.error);
    }
    note({ type: 'shipped' });
  }

  async function deliver(): Promise<void> {
    const delivered = await databaseSteps('note that it is delivered').deliverOrder({ companyId, orderId });

    if (delivered.kind === 'refused') {
      throw refusal(delivered.error);
    }
    note({ type: 'delivered' });
  }
}
