import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import type { PaymentGateways } from '../domain/payments/payment-gateway';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { someAtATime } from '../platform/some-at-a-time';
import { billUsageOf, tellSubscriptionTime } from '../clients/subscription-client';
import { failForGood } from './answer-outcome';
import { createCampaignActivities } from './campaign-activities';
import { type ClockStep, stepTestClock } from '../domain/test-clocks/advance-test-clock';

/** Subscriptions that are told of one instant at the same time (D26). */
const atOnce = 16;

/** Also while nothing moves: a worker that is gone is missed after the heartbeat timeout, and another goes on. */
const heartbeatEveryMs = 2_000;

/** For one to compare its usage with its threshold. */
const usageMs = 60_000;

/** A subscription that does not move on when it is told would hold its clock at one instant for ever. */
const mostRepeats = 20;

type DeadlineStep = Extract<ClockStep, { kind: 'deadline' }>;

/** The advance of a test clock, a remote activity of subscription-svc. */
export function createClockActivities(parts: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  temporal: Client;
}) {
  const { database, clock } = parts;
  const campaigns = createCampaignActivities(parts);

  /** @throws ApplicationFailure that is not tried again where a rule refuses what is due */
  const tell = (companyId: number, id: number, now: string, repeat: number): Promise<void> =>
    failForGood(() =>
      tellSubscriptionTime(parts, {
        companyId,
        id,
        now,
        // A refusal is kept under its id: another try of the advance asks anew.
        updateId: `clock:${now}:${Context.current().info.attempt}:${repeat}:${clock.now().getTime()}`,
      }),
    );

  const tellAll = (companyId: number, { now, subscriptionIds }: DeadlineStep, repeat: number): Promise<void> =>
    someAtATime(subscriptionIds, atOnce, (id) => tell(companyId, id, now, repeat));

  async function turn({ companyId, testClockId }: { companyId: number; testClockId: number }): Promise<void> {
    let last = '';
    let repeats = 0;

    for (;;) {
      // Cancelled: another worker was given the advance, because this one was not heard of.
      Context.current().cancellationSignal.throwIfAborted();
      const step = await failForGood(() =>
        database.withTenantSql(companyId, (tx) => stepTestClock(tx, testClockId, clock.now())),
      );

      if (step.kind === 'done') {
        return;
      }
      repeats = step.now === last ? repeats + 1 : 0;
      last = step.now;

      if (repeats > mostRepeats) {
        throw ApplicationFailure.nonRetryable(
          `Subscriptions ${[...step.subscriptionIds, ...step.usageSubscriptionIds].join(', ')}, campaigns ${step.campaignIds.join(', ')} do not get past ${step.now}.`,
          'internal',
        );
      }
      await tellAll(companyId, step, repeats);

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
