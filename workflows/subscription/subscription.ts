import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  defineSignal,
  log,
  patched,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';

import { promptChargeMs } from '../../domain/payments/prompt-charge-rules';
import { paymentSettled } from '../../domain/payments/payment-command-schema';
import {
  commandSignals,
  commandUpdateNames,
  type RequestedCommand,
  type SubscriptionCommandType,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import type { SubscriptionRun, SubscriptionWork } from '../../domain/subscriptions/steps/run-subscription';
import type { SubscriptionStanding } from '../../domain/subscriptions/lifecycle/subscription-standing';
import {
  describeDeadline,
  describeStanding,
  statusOf,
} from '../../domain/subscriptions/lifecycle/standing-summary-rules';
import { subscriptionSteps } from '../entity/activity-proxies';
import { CommandQueue, refusal } from '../entity/command-queue';
import { showDetails } from '../entity/current-details';
import { Charges } from './charges';
import { startDunningCampaign } from '../dunning/start-dunning-campaign';
import { handOverPostponed } from '../payment/hand-over-postponed';
import { startRefund } from '../payment/start-refund';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { isDefect, PostponedWork, reasonOf } from '../entity/postponed-work';
import { PatientAnswers } from '../entity/patient-answers';
import { readMessage } from '../entity/read-message';
import { showStatus } from '../entity/shown-status';
import { soonest, timeUntil } from '../entity/soonest';
import {
  billUsageUpdate,
  clockAdvancedUpdate,
  type CommandAnswer,
  commandDescriptions,
  type CommandMessage,
  commandUpdates,
  createSubscriptionUpdate,
  settleSubscriptionPaymentUpdate,
  subscriptionPaymentSettledSignal,
  type SubscriptionStart,
  subscriptionStatusQuery,
  type SubscriptionStatusView,
  type SubscriptionWorkflowInput,
} from './subscription-messages';
import { readCommand, readCommandMessage } from './read-command';
import { workflowNow } from '../entity/workflow-clock';

/** Runs get a new history after so many renewals, or so many events (D25). */
const defaultRenewalsPerRun = 12;
const mostEvents = 1_000;
const keptRejections = 20;

/** What is due and refused is tried again, but not all the time. Milliseconds. */
const defaultWaitAfterRefusal = 3_600_000;

/**
 * `subscription/<id>`: from its start to its end. It waits at one place, for a command or for the next deadline, and has
 * each carried out in one transaction that decides by the rules of `domain/subscriptions`. On a test clock it sets no timer:
 * the clock takes the steps that are due, and tells it at the end of an advance (D26).
 */
export function subscription(input: SubscriptionWorkflowInput): Promise<SubscriptionStatusView | null> {
  return withOwnCancellation((onCancelRequest) => runSubscription(input, onCancelRequest));
}

async function runSubscription(
  input: SubscriptionWorkflowInput,
  onCancelRequest: (take: () => void) => void,
): Promise<SubscriptionStatusView | null> {
  const { companyId, subscriptionId } = input;
  const { renewalsPerRun = defaultRenewalsPerRun, waitAfterRefusal = defaultWaitAfterRefusal } = input;
  // Runs begun before December 2026 go over to it as they continue as new.
  const { triesChargesFor = promptChargeMs } = input;
  const commands = new CommandQueue();
  const later = new PostponedWork(waitAfterRefusal);
  const answers = new PatientAnswers();
  const charges = new Charges(input, {
    triedFor: input.triesChargesFor ?? null,
    enqueue: (command) => commands.add(command),
    onAnswer: (paymentId) => orReject('charge', () => settleOrPostpone(paymentId)),
  });
  const settled = new Set<number>();
  let started: SubscriptionStart | null = null;
  let standing: SubscriptionStanding | null = null;
  let rejected: SubscriptionStatusView['rejected'] = [];
  let renewals = 0;
  let waitUntil = 0;
  let lastCampaign = '';

  setHandler(subscriptionStatusQuery, view, { description: 'Where it stands, and what was refused in this run.' });
  setHandler(
    createSubscriptionUpdate,
    async () => {
      await condition(() => started !== null);

      return started as SubscriptionStart;
    },
    { description: 'Answers when it is created, or refused.' },
  );
  for (const [type, update] of commandUpdates) {
    setHandler(
      update,
      async (message) => {
        const answer = await commands.perform(() => carryOut(readCommandMessage(message)));
        const charging = isByHand(message.command) ? answer.paymentId : null;

        if (charging !== null && !answer.standing.isOnClock) {
          await waitForCard(charging);
        }

        return answer;
      },
      { validator: (message) => void readCommandMessage(message), description: commandDescriptions[type] },
    );
  }
  setHandler(settleSubscriptionPaymentUpdate, ({ paymentId }) => commands.perform(() => settleOrPostpone(paymentId)), {
    validator: (message) => void readMessage(paymentSettled, message),
    description: 'Takes the news of a payment in, and answers when that is done. Members: paymentId.',
  });
  setHandler(billUsageUpdate, () => commands.perform(() => run({ kind: 'usage' }).then(() => undefined)), {
    description: 'Usage may have come to its threshold; answers when it is billed, if it has.',
  });
  setHandler(clockAdvancedUpdate, () => commands.perform(advanceOrShow), {
    description: 'Its test clock has reached an instant; answers when all that was due by then is done.',
  });
  setHandler(
    subscriptionPaymentSettledSignal,
    (message) =>
      commands.add(() =>
        orReject('paymentSettled', () => settleOrPostpone(readMessage(paymentSettled, message).paymentId)),
      ),
    { description: 'There is news of a payment. Members: paymentId.' },
  );
  for (const [name, type] of Object.entries(commandSignals)) {
    setHandler(defineSignal<[unknown?]>(name), (message) => takeSignal(name, type, message), {
      description: commandDescriptions[type],
    });
  }
  noteUnknownSignals([...Object.keys(commandSignals), subscriptionPaymentSettledSignal.name], (message, reason) =>
    commands.add(() =>
      orReject(message, () => Promise.reject(ApplicationFailure.nonRetryable(reason, 'validation_failed'))),
    ),
  );
  onCancelRequest(() => takeSignal('request to cancel', 'cancel', {}));

  started = await start();
  input.postponedPayments?.forEach(takeIn);

  while (standing !== null && !isOver()) {
    await startCharges();

    if (isDueForNewRun() && answers.nextAt === null && charges.areAnswered && (await isIdle())) {
      await continueAsNew<typeof subscription>({
        ...input,
        create: null,
        triesChargesFor,
        postponedPayments: later.paymentIds,
      });
    }
    const givesUpAt = answers.nextAt;
    const wake = soonest(
      { in: timeLeft(), summary: describeDeadline(standing), run: advanceOrWait },
      {
        in: timeUntil(later.nextAt),
        summary: 'a failed step is tried again',
        run: () => later.runDue().then(show),
      },
      {
        in: timeUntil(givesUpAt),
        summary: 'the card usually answers at once',
        run: () => Promise.resolve(answers.giveUpDue()),
      },
    );
    const isAwake = await commands.nextOr(wake.in, wake.summary, () => answers.nextAt !== givesUpAt);
    await (isAwake ? commands.runAll() : wake.run());
  }

  // What still arrives is answered before the workflow ends: a payment must find its owner.
  do {
    await commands.runAll();
    await handOverPostponed(companyId, later);
    await condition(() => !commands.isEmpty || (charges.areAnswered && allHandlersFinished()));
  } while (!commands.isEmpty);

  return view();

  async function start(): Promise<SubscriptionStart> {
    const first = input.create;
    const created =
      first === null
        ? await subscriptionSteps('go on where its row is').runSubscription({
            companyId,
            subscriptionId,
            work: { kind: 'due' },
            isBeginning: true,
          })
        : await subscriptionSteps(`create it on plan ${first.planId}`).createSubscription({ companyId, ...first });

    if (created.kind === 'refused') {
      return { kind: 'refused', error: created.error };
    }
    note(created.value.standing);

    if (first === null) {
      charges.leave(created.value.standing.charges);
    }
    await askToPay(created.value.campaign);

    return { kind: 'started', standing: created.value.standing };
  }

  /** One transaction of the subscription, and what it leaves to be done outside it. */
  async function run(work: SubscriptionWork): Promise<CommandAnswer> {
    const ran = await subscriptionSteps(describeWork(work)).runSubscription({ companyId, subscriptionId, work });

    if (ran.kind === 'refused') {
      throw refusal(ran.error);
    }
    const { standing: now, paymentId, refundDue, charge, campaign } = ran.value;
    note(now);

    if (charge !== null) {
      await charges.begin(charge);
    }

    if (refundDue !== null) {
      await startRefund(companyId, refundDue);
    }
    await askToPay(campaign);

    return { standing: now, paymentId };
  }

  async function advance(): Promise<void> {
    await run({ kind: 'due' });
  }

  /** What a rule or billing refuses must not end the subscription: it is shown, and tried again after a while. */
  async function advanceOrWait(): Promise<void> {
    const isDone = await orReject('due', advance);
    waitUntil = isDone ? 0 : workflowNow() + waitAfterRefusal;
  }

  /** The clock is told, and tries again; why it waits is also to be seen here, once. */
  async function advanceOrShow(): Promise<void> {
    try {
      await advance();
    } catch (error) {
      const reason = reasonOf(error);

      if (rejected.at(-1)?.reason !== reason) {
        showRejection('due', reason);
      }
      throw error;
    }
  }

  async function settle(paymentId: number): Promise<void> {
    await run({ kind: 'payment', paymentId });
    charges.end(paymentId);
    settled.add(paymentId);
  }

  /** Money must find its subscription: what cannot be entered now is shown, and tried again. */
  async function settleOrPostpone(paymentId: number): Promise<void> {
    try {
      await settle(paymentId);
    } catch (error) {
      if (isDefect(error)) {
        later.keepPayment(paymentId, error, () => settle(paymentId));
      }
      throw error;
    }
  }

  /** What the run before could not enter. */
  function takeIn(paymentId: number): void {
    commands.add(() => orReject('paymentSettled', () => settleOrPostpone(paymentId)));
  }

  function carryOut({ commandId, command }: CommandMessage): Promise<CommandAnswer> {
    return run({ kind: 'command', commandId, command });
  }

  /** Of saved methods; on a clock they are made with the step that asks for them (D26). */
  async function startCharges(): Promise<void> {
    for (const paymentId of standing?.isOnClock === false ? standing.charges : []) {
      if (!charges.has(paymentId)) {
        await charges.begin({ paymentId, token: null });
      }
    }
  }

  /** Steps taken before there were campaigns say nothing of one. A campaign is told again when its next look has changed. */
  async function askToPay(campaign: SubscriptionRun['campaign'] | undefined): Promise<void> {
    if (campaign == null) {
      return;
    }
    const { campaignId, nextLookAt } = campaign;
    const latest = `${campaignId} ${nextLookAt}`;

    if (latest !== lastCampaign) {
      lastCampaign = latest;
      await startDunningCampaign({ companyId, campaignId });
    }
  }

  function takeSignal(name: string, type: SubscriptionCommandType, message: unknown): void {
    const commandId = `signal:${uuid4()}`;
    commands.add(() =>
      orReject(name, async () => {
        await carryOut({ commandId, command: readCommand(type, message) });
      }),
    );
  }

  /** A signal cannot be refused: what is wrong with it is kept and shown, and the subscription goes on. @returns whether it was carried out */
  async function orReject(message: string, command: () => Promise<void>): Promise<boolean> {
    try {
      await command();

      return true;
    } catch (error) {
      const reason = reasonOf(error);
      showRejection(message, reason);
      await keepRejection(message, reason);

      return false;
    }
  }

  function showRejection(message: string, reason: string): void {
    rejected = [...rejected, { message, reason }].slice(-keptRejections);
    show();
  }

  /** In the history of the subscription; the details show it also where that fails. */
  async function keepRejection(message: string, reason: string): Promise<void> {
    try {
      await subscriptionSteps('note in its history what was refused').noteRejection({
        companyId,
        subscriptionId,
        message,
        reason,
      });
    } catch (error) {
      log.error('a rejection could not be entered', { message, reason, error });
    }
  }

  function note(now: SubscriptionStanding): void {
    if (standing !== null && now.periodEnd !== standing.periodEnd) {
      renewals += 1;
    }
    standing = now;
    show();
    showStatus(now.status);
  }

  function show(): void {
    showDetails([
      standing === null ? 'being created' : describeStanding(standing),
      ...later.lines,
      ...rejected.map((one) => `refused ${one.message}: ${one.reason}`),
    ]);
  }

  function describeWork(work: SubscriptionWork): string {
    switch (work.kind) {
      case 'due':
        return standing === null ? 'see what is due' : describeDeadline(standing);
      case 'payment':
        return `take payment ${work.paymentId} in`;
      case 'usage':
        return 'compare usage with its threshold';
      case 'look':
        return 'see where it stands';
      case 'command':
        return commandUpdateNames[work.command.type];
    }
  }

  async function waitForCard(paymentId: number): Promise<void> {
    // Runs of before had a timer for each answer; this may go once none of November 2026 is open any more.
    if (patched('answers-wait-in-the-loop')) {
      await answers.wait(() => settled.has(paymentId) || isOver());
    } else {
      await condition(() => settled.has(paymentId), '3 s', { summary: 'the card usually answers at once' });
    }
  }

  function view(): SubscriptionStatusView | null {
    const refused = started?.kind === 'refused' ? started.error : null;

    return standing === null
      ? refused && ({ rejected, refusal: refused } as SubscriptionStatusView)
      : { ...statusOf(standing), rejected, refusal: refused };
  }

  function isOver(): boolean {
    return standing?.isOver === true;
  }

  function timeLeft(): number | null {
    const deadline = standing?.isOnClock === true ? null : standing?.deadline;
    const at = deadline?.wakeAt ?? deadline?.at ?? null;

    return at === null ? null : Math.max(0, at - workflowNow(), waitUntil - workflowNow());
  }

  function isDueForNewRun(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();

    return renewals >= renewalsPerRun || continueAsNewSuggested || historyLength >= mostEvents;
  }

  /** Nothing waits and no handler is under way; commands that came meanwhile go first. */
  async function isIdle(): Promise<boolean> {
    await commands.runAll();
    await condition(() => !commands.isEmpty || allHandlersFinished());

    return commands.isEmpty && charges.areAnswered && !isOver();
  }
}

/** A customer pays with a token and waits for what becomes of it. */
function isByHand(command: RequestedCommand): boolean {
  return command.type === 'pay_invoice' && command.paymentToken !== null;
}
