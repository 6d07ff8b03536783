import {
  allHandlersFinished,
  condition,
  getExternalWorkflowHandle,
  log,
  patched,
  setHandler,
} from '@temporalio/workflow';

import { formatMoney } from '../../domain/money/currency-rules';
import type { RefundToSend } from '../../domain/refunds/begin-refund';
import { type RefundCommand, refundCommand } from '../../domain/payments/payment-command-schema';
import { subscriptionSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import { databaseSteps, payments } from '../entity/activity-proxies';
import { CommandQueue, refusal } from '../entity/command-queue';
import { showDetails } from '../entity/current-details';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { PostponedWork, reasonOf } from '../entity/postponed-work';
import { PatientAnswers } from '../entity/patient-answers';
import { readMessage } from '../entity/read-message';
import { soonest, timeUntil } from '../entity/soonest';
import { type PaymentWorkflowInput, reconcilePaymentSignal, requestRefundUpdate } from './payment-messages';

/**
 * `payment/<id>` on payment-svc: charges a saved method for a subscription (D24), and gives money back, on request or
 * because its owner is over (D5). It runs while there is something to do; a later refund starts it again.
 */
export function payment(input: PaymentWorkflowInput): Promise<void> {
  return withOwnCancellation((onCancelRequest) => runPayment(input, onCancelRequest));
}

/**
 * One loop takes all steps in the database, one after the other, so that a replay finds them in the order in which they
 * were taken. What is sent to the provider may wait for hours: it goes beside the loop, one refund after the other, and
 * only its result comes back into it.
 */
async function runPayment(
  { companyId, paymentId, reconcile, charge, refunds = [] }: PaymentWorkflowInput,
  onCancelRequest: (take: () => void) => void,
): Promise<void> {
  const commands = new CommandQueue();
  const later = new PostponedWork();
  const sent = new Set<number>();
  const answers = new PatientAnswers();
  let sending = Promise.resolve();
  let underWay = 0;
  let isAsked = false;
  let what = 'waits for what is asked of it';
  const refused: string[] = [];
  const isDone = () => commands.isEmpty && underWay === 0 && later.isEmpty && allHandlersFinished();

  setHandler(
    requestRefundUpdate,
    async (message) => {
      isAsked = true;

      // Runs of before hold their steps in another order; this may go once none of November 2026 is open any more.
      if (!patched('refunds-begin-in-line')) {
        // eslint-disable-next-line no-restricted-syntax -- replays of runs that began so
        return refundBesideTheLoop(message);
      }
      const refund = await commands.perform(() => begin(readMessage(refundCommand, message)));
      send(refund);
      await answers.wait(() => sent.has(refund.refundId));

      return refund;
    },
    {
      validator: (message) => void readMessage(refundCommand, message),
      description: 'Enters a refund and sends the money. Members: refundId, amount, reason.',
    },
  );
  setHandler(reconcilePaymentSignal, () => commands.add(takeInOrPostpone), {
    description: 'The owner of the money is over: take it in, and give back what is due.',
  });
  noteUnknownSignals([reconcilePaymentSignal.name], note);
  onCancelRequest(() => note('request to cancel', 'money that is on its way arrives; there is nothing to cancel'));

  for (const refund of refunds) {
    commands.add(async () => {
      try {
        send(await begin(refund));
      } catch (error) {
        note(`refund ${refund.refundId}`, reasonOf(error));
      }
    });
  }

  if (charge !== undefined) {
    chargeBesideTheLoop(charge);
  } else if (reconcile) {
    commands.add(takeInOrPostpone);
  } else if (refunds.length === 0) {
    await commands.nextOr(60_000, `payment ${paymentId}: what is asked of it`, () => isAsked);
  }

  do {
    await commands.runAll();
    const [givesUpAt, triesAgainAt] = [answers.nextAt, later.nextAt];
    const wake = soonest(
      {
        in: timeUntil(givesUpAt),
        summary: 'most providers answer at once',
        run: () => Promise.resolve(answers.giveUpDue()),
      },
      { in: timeUntil(triesAgainAt), summary: 'a failed step is tried again', run: () => later.runDue() },
    );
    const isAwake = await commands.nextOr(
      wake.in,
      wake.summary,
      () => isDone() || answers.nextAt !== givesUpAt || later.nextAt !== triesAgainAt,
    );

    if (!isAwake) {
      await wake.run();
      show();
    }
  } while (!isDone());

  /** A provider may be away for hours; a refund that is asked for meanwhile is refused at once. */
  function chargeBesideTheLoop(of: NonNullable<typeof charge>): void {
    underWay += 1;
    void chargeAndTell(of)
      .catch((error: unknown) => note('charge', reasonOf(error)))
      .finally(() => {
        underWay -= 1;
      });
  }

  /** Off-session: asks until the provider says yes or no, then tells the subscription, or takes it in itself. */
  async function chargeAndTell({
    subscriptionId,
    token,
  }: {
    subscriptionId: number;
    token: string | null;
  }): Promise<void> {
    show(`charging for subscription ${subscriptionId}`);
    const answer = await payments('charge').chargePayment({ companyId, paymentId, token });
    show(answer.outcome === 'success' ? 'charged' : 'declined');

    try {
      await getExternalWorkflowHandle(subscriptionSubject(subscriptionId)).signal('paymentSettled', { paymentId });
    } catch (error) {
      log.info('the subscription is over; its payment is taken in here', { paymentId, error });
      commands.add(takeInOrPostpone);
    }
  }

  async function begin(request: RefundCommand): Promise<RefundToSend> {
    const begun = await databaseSteps(`enter refund ${request.refundId}`).beginRefund({
      companyId,
      paymentId,
      ...request,
    });

    if (begun.kind === 'refused') {
      throw refusal(begun.error);
    }

    return begun.value;
  }

  function send(refund: RefundToSend): void {
    underWay += 1;
    sending = sending.then(() => sendBesideTheLoop(refund));
  }

  /** Gives back what is due; ends with a command for the loop, whatever comes. */
  async function sendBesideTheLoop(refund: RefundToSend): Promise<void> {
    show(`giving ${amountOf(refund)} back by ${refund.method}`);

    try {
      const outcome = await sendMoney(refund);
      commands.add(async () => {
        await later.attempt(`entering ${amountOf(refund)}`, () => complete(refund, outcome));
        finish(refund);
      });
    } catch (error) {
      commands.add(async () => {
        note(`refund ${refund.refundId}`, reasonOf(error));
        finish(refund);
      });
    }
  }

  function finish({ refundId }: RefundToSend): void {
    underWay -= 1;
    sent.add(refundId);
    show();
  }

  async function complete(refund: RefundToSend, outcome: Awaited<ReturnType<typeof sendMoney>>): Promise<void> {
    await databaseSteps(`enter what became of ${amountOf(refund)}`).completeRefund({
      companyId,
      refundId: refund.refundId,
      outcome,
    });
    what =
      outcome.kind === 'succeeded'
        ? `gave ${amountOf(refund)} back`
        : `could not give ${amountOf(refund)} back: ${outcome.reason}`;
  }

  /** Only for replays of runs of before. */
  async function refundBesideTheLoop(request: RefundCommand): Promise<RefundToSend> {
    const refund = await begin(request);
    commands.add(async () => {
      await complete(refund, await sendMoney(refund));
      sent.add(refund.refundId);
    });
    await condition(() => sent.has(refund.refundId), '3 s', { summary: 'most providers answer at once' });

    return refund;
  }

  async function takeInOrPostpone(): Promise<void> {
    await later.attempt('taking the payment in', takeIn);
    show();
  }

  /** The owner of the money is over, or does not want it: all that is left of it goes back. */
  async function takeIn(): Promise<void> {
    const { refundDue } = await databaseSteps('take the payment in').reconcilePayment({ companyId, paymentId });

    if (!refundDue) {
      return;
    }
    const begun = await databaseSteps('give back what is due').beginRefund({
      companyId,
      paymentId,
      refundId: null,
      amount: null,
      reason: 'refund_due',
    });

    if (begun.kind === 'done') {
      send(begun.value);
    } else if (begun.error.code === 'internal') {
      throw refusal(begun.error);
    }
  }

  function note(message: string, reason: string): void {
    refused.push(`refused ${message}: ${reason}`);
    show();
  }

  function show(now: string = what): void {
    what = now;
    showDetails([what, ...later.lines, ...refused.slice(-20)]);
  }
}

const sendMoney = (refund: RefundToSend) =>
  payments(`give ${amountOf(refund)} back by ${refund.method}`).refundAtProvider(refund);

const amountOf = ({ amount, currency, refundId }: RefundToSend): string =>
  `${formatMoney(amount, currency)} (refund ${refundId})`;
