import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { CreateSubscription } from '../../domain/subscriptions/steps/create-subscription';
import {
  commandUpdateNames,
  type RequestedCommand,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import type { SubscriptionStanding } from '../../domain/subscriptions/lifecycle/subscription-standing';
import type { SerialisedAppError } from '../../domain/errors';

/** Updates, signals and queries of `subscription/<id>` and `test-clock/<id>`: plain JSON. */

export interface SubscriptionWorkflowInput {
  companyId: number;
  subscriptionId: number;
  /** What it begins with; null for one that is continued or started again: its row says where it stands. */
  create: CreateSubscription | null;
  /** Continues as new after so many renewals (D25). */
  renewalsPerRun?: number;
  /** What is due and refused is tried again after so many milliseconds. */
  waitAfterRefusal?: number;
}

export type SubscriptionStart =
  { kind: 'started'; standing: SubscriptionStanding } | { kind: 'refused'; error: SerialisedAppError };

/** What `temporal workflow query --type status` shows. */
export interface SubscriptionStatusView extends SubscriptionStanding {
  /** Messages that were refused in this run, newest last; all of them are in the history. */
  rejected: { message: string; reason: string }[];
  /** Why it was not created; a repeat of the request is answered with it. */
  refusal: SerialisedAppError | null;
}

/** `commandId` makes a repeat the same command, also in a later run (D25). */
export interface CommandMessage {
  commandId: string;
  command: RequestedCommand;
}

export interface CommandAnswer {
  standing: SubscriptionStanding;
  paymentId: number | null;
}

export const createSubscriptionUpdate = defineUpdate<SubscriptionStart, []>('createSubscription');

/** The updates that REST calls; each carries its command. */
export const commandUpdates = Object.values(commandUpdateNames).map((name) =>
  defineUpdate<CommandAnswer, [CommandMessage]>(name),
);

/** A payment of this subscription was moved in the database; the answer comes when it is taken in. */
export const settleSubscriptionPaymentUpdate = defineUpdate<void, [{ paymentId: number }]>('settlePayment');
/** A test clock has reached an instant; the answer comes when all that was due by then is done (D26). */
export const clockAdvancedUpdate = defineUpdate<void, [{ now: string }]>('clockAdvanced');

/** For relays. */
export const subscriptionPaymentSettledSignal = defineSignal<[unknown?]>('paymentSettled');
export const subscriptionStatusQuery = defineQuery<SubscriptionStatusView | null>('status');

export interface TestClockWorkflowInput {
  companyId: number;
  testClockId: number;
}
