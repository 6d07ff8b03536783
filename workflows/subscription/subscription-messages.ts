import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { CreateSubscription } from '../../domain/subscriptions/steps/create-subscription';
import {
  commandUpdateNames,
  type RequestedCommand,
  type SubscriptionCommandType,
} from '../../domain/subscriptions/commands/subscription-command-schema';
import type { ToldStanding } from '../../domain/subscriptions/lifecycle/standing-summary-rules';
import type { SubscriptionStanding } from '../../domain/subscriptions/lifecycle/subscription-standing';
import type { SerialisedAppError } from '../../domain/errors';

/** Updates, signals and queries of `subscription/<id>` and `test-clock/<id>`: plain JSON. */

export interface SubscriptionWorkflowInput {
  companyId: number;
  subscriptionId: number;
  /** What it begins with; null for one that is continued or started again: its row says where it stands. */
  create: CreateSubscription | null;
  /** Charges are tried in this run for so many milliseconds; where it is absent each is handed to `payment/<id>` at once. */
  triesChargesFor?: number;
  /** Continues as new after so many renewals (D25). */
  renewalsPerRun?: number;
  /** News of these came to the run before and could not be entered. */
  postponedPayments?: readonly number[];
  /** What is due and refused is tried again after so many milliseconds. */
  waitAfterRefusal?: number;
}

export type SubscriptionStart =
  { kind: 'started'; standing: SubscriptionStanding } | { kind: 'refused'; error: SerialisedAppError };

/** What `temporal workflow query --type status` shows. */
export interface SubscriptionStatusView extends ToldStanding {
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
export const commandUpdates = (Object.keys(commandUpdateNames) as SubscriptionCommandType[]).map(
  (type) => [type, defineUpdate<CommandAnswer, [CommandMessage]>(commandUpdateNames[type])] as const,
);

/** What the Web UI tells of each command, as an update and as a signal. */
export const commandDescriptions: Readonly<Record<SubscriptionCommandType, string>> = {
  change_plan: 'Changes plan or seats. Members: newPlanId, quantity, immediate, prorationDate.',
  change_price: 'Gives it another price of its plan. Members: priceId, immediate, noticeDays.',
  set_phases: 'Agrees on prices and seats of periods to come. Members: phases, each of afterPeriods, price, quantity.',
  cancel: 'Cancels it, for the end of its period unless told otherwise. Members: reason, cancelAtPeriodEnd.',
  pause: 'Pauses it, at once unless told otherwise. Members: reason, atPeriodEnd.',
  resume: 'Resumes it. No members.',
  reactivate: 'Takes a cancellation for the end of its period back. No members.',
  add_addons: 'Buys add-ons, all on one invoice. Members: addonIds, addonKeys, quantity.',
  remove_addon: 'Removes an add-on, at the end of its period unless told otherwise. Members: addonId, atPeriodEnd.',
  change_addon: 'Changes how many of an add-on there are. Members: addonId, quantity, immediate.',
  apply_promotion: 'Applies a promotion by its code, from the next invoice on. Members: promotionCode.',
  remove_promotion: 'Takes a promotion off again. Members: promotionCode.',
  cancel_change: 'Takes one change that waits back. Members: changeId.',
  set_payment_method: 'Sets what it is paid by. Members: paymentMethodId, paymentMethod.',
  set_payment_terms: 'Sets after how many days invoices that are sent are due. Members: daysUntilDue.',
  set_usage_threshold: 'Sets the price of unbilled usage at which it is invoiced at once. Members: usageThreshold.',
  change_trial: 'Extends, shortens or ends its trial. Members: trialEnd (a day, an instant, or now).',
  pause_collection:
    'Pauses its collection: nobody is asked for what is billed meanwhile. Members: behavior (keep_as_draft, mark_uncollectible, void), resumesAt.',
  resume_collection: 'Resumes its collection. No members.',
  pay_invoice: 'Pays one of its invoices by hand.',
  record_payment:
    'Records money that came for one of its invoices. Members: invoiceId, paymentId, amount, method, reference, receivedAt.',
  void_invoice: 'Voids one of its invoices. Members: invoiceId.',
  credit_invoice: 'Writes a credit note for one of its invoices. Members: invoiceId, amount, notes.',
};

/** A payment of this subscription was moved in the database; the answer comes when it is taken in. */
export const settleSubscriptionPaymentUpdate = defineUpdate<void, [{ paymentId: number }]>('settlePayment');
/** Usage was recorded that may have come to its threshold; the answer comes when what is due of it is billed. */
export const billUsageUpdate = defineUpdate<void, []>('billUsage');
/** A test clock has reached an instant; the answer comes when all that was due by then is done (D26). */
export const clockAdvancedUpdate = defineUpdate<void, [{ now: string }]>('clockAdvanced');

/** For relays. */
export const subscriptionPaymentSettledSignal = defineSignal<[unknown?]>('paymentSettled');
export const subscriptionStatusQuery = defineQuery<SubscriptionStatusView | null>('status');

export interface TestClockWorkflowInput {
  companyId: number;
  testClockId: number;
}
