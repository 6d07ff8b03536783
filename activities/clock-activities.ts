import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import type { PaymentGateways } from '../domain/payments/payment-gateway';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { someAtATime } from '../platform/some-at-a-time';
import { reconcilePayment } from '../clients/payment-client';
import { billUsageOf, tellSubscriptionArrival, tellSubscriptionTime } from '../clients/subscription-client';
import { failForGood } from './answer-outcome';
import { createCampaignActivities } from './campaign-activities';
import { stepTestClock } from '../domain/test-clocks/advance-test-clock';
import { createSubscriptionActivities } from './subscription-activities';

/** Subscriptions that take their steps at the same time: more would only wait for each other at the counter of invoices. */
const stepsAtOnce = 4;

/** Workflows that are told at the same time how far the clock is (D26). */
const toldAtOnce = 16;

/** Also while nothing moves: a worker that is gone is missed after the heartbeat timeout, and another goes on. */
const heartbeatEveryMs = 2_000;

/** For one to compare its usage with its threshold. */
const usageMs = 60_000;

/** A subscription that does not move on when it is told would hold its clock at one instant for ever. */
const mostRepeats = 20;

/** The advance of a test clock, a remote activity of subscription-svc. */
export function createClockActivities(parts: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  installation: string;
  temporal: Client;
}) {
  const { database, clock } = parts;
  const campaigns = createCampaignActivities(parts);
  const subscriptions = createSubscriptionActivities(parts);

  /** @throws ApplicationFailure that is not tried again where a rule refuses what is due */
  const tell = (companyId: number, id: number, now: string, repeat: number): Promise<void> =>
    failForGood(() => tellSubscriptionTime(parts, { companyId, id, now, updateId: updateIdOf(now, repeat) }));

  const tellArrival = (companyId: number, id: number, now: string): Promise<boolean> =>
    failForGood(() => tellSubscriptionArrival(parts, { companyId, id, now, updateId: updateIdOf(now, 0) }));

  /** A refusal is kept under its id: another try of the advance asks anew. */
  const updateIdOf = (now: string, repeat: number): string =>
    `clock:${now}:${Context.current().info.attempt}:${repeat}:${clock.now().getTime()}`;

  /**
   * What is due of a subscription is done here, by the steps that its workflow takes: the row decides, and on a clock no step
   * leaves it a timer or a charge. What a rule refuses, its workflow is told, so that it is to be seen there.
   */
  async function goOn(of: { companyId: number; subscriptionId: number }, now: string, repeat: number): Promise<void> {
    const { companyId, subscriptionId } = of;
    const ran = await subscriptions.runSubscription({ ...of, work: { kind: 'due' } });

    if (ran.kind === 'refused') {
      await tell(companyId, subscriptionId, now, repeat);
    } else if (ran.value.refundDue !== null) {
      await reconcilePayment(parts, { companyId, paymentId: ran.value.refundDue });
    }
  }

  async function turn({ companyId, testClockId }: { companyId: number; testClockId: number }): Promise<void> {
    let last = '';
    let repeats = 0;
    let areTold = false;

    for (;;) {
      // Cancelled: another worker was given the advance, because this one was not heard of.
      Context.current().cancellationSignal.throwIfAborted();
      const step = await failForGood(() =>
        database.withTenantSql(companyId, (tx) => stepTestClock(tx, testClockId, clock.now(), { areTold })),
      );

      if (step.kind === 'done') {
        return;
      }
      areTold = step.kind === 'arrived';

      if (step.kind === 'arrived') {
        await someAtATime(step.subscriptionIds, toldAtOnce, (id) => tellArrival(companyId, id, step.now));
        continue;
      }
      repeats = step.now === last ? repeats + 1 : 0;
      last = step.now;

      if (repeats > mostRepeats) {
        throw ApplicationFailure.nonRetryable(
          `Subscriptions ${[...step.subscriptionIds, ...step.usageSubscriptionIds].join(', ')}, campaigns ${step.campaignIds.join(', ')} do not get past ${step.now}.`,
          'internal',
        );
      }
      await someAtATime(step.subscriptionIds, stepsAtOnce, (subscriptionId) =>
        goOn({ companyId, subscriptionId }, step.now, repeats),
      );

      for (const id of step.usageSubscriptionIds) {
        await failForGood(() => billUsageOf(parts, { companyId, id, until: clock.now().getTime() + usageMs }));
      }

      // After the subscriptions: what has become overdue or was paid at this instant counts.
      for (const campaignId of step.campaignIds) {
        await campaigns.lookAtCampaign({ companyId, campaignId });
      }
    }
  }

  return {
    /** From deadline to deadline until the target is reached; resumed from the clock's row after a crash. */
    async advanceTestClock(of: { companyId: number; testClockId: number }): Promise<void> {
      const context = Context.current();
      const heart = setInterval(() => context.heartbeat(), heartbeatEveryMs);

      try {
        await turn(of);
      } finally {
        clearInterval(heart);
      }
    },
  };
}

export type ClockActivities = ReturnType<typeof createClockActivities>;
