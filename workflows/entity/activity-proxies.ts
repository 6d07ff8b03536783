import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import type { CampaignActivities } from '../../activities/campaign-activities';
import type { DeploymentActivities } from '../../activities/deployment-activities';
import type { DeploymentSteps } from '../../activities/deployment-steps';
import type { DriftActivities } from '../../activities/drift-activities';
import type { OrderActivities } from '../../activities/order-activities';
import type { PaymentActivities } from '../../activities/payment-activities';
import type { ClockActivities } from '../../activities/clock-activities';
import type { PriceMoveActivities, PriceMoveSteps } from '../../activities/price-move-activities';
import type { ProviderActivities } from '../../activities/provider-activities';
import type { ServiceActivities } from '../../activities/service-activities';
import type { SubscriptionActivities } from '../../activities/subscription-activities';

/** A step in the database has no other end than its success. */
const untilItSucceeds = {
  localRetryThreshold: '1 s',
  retry: { initialInterval: '100 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
} as const;

/** Temporal refuses longer ones. */
const longestSummary = 120;
const told = (summary: string) => ({ summary: summary.slice(0, longestSummary) });

/*
 * Each takes a line that says what the step is to do, for the Web UI: `databaseSteps('ship it').shipOrder({…})`. No personal
 * data. A replay does not look at it.
 */

/** Short database steps: local, tried again for as long as it takes, because a refusal is a value and not an error. */
export const databaseSteps = (summary: string) =>
  proxyLocalActivities<OrderActivities & PaymentActivities>({
    startToCloseTimeout: '5 s',
    ...untilItSucceeds,
    ...told(summary),
  });

/** Retry class "payment": money may move, so every try carries the same key and only a definite answer ends it. */
export const payments = (summary: string) =>
  proxyActivities<ProviderActivities>({
    taskQueue: 'payment-svc',
    startToCloseTimeout: '30 s',
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '5 min' },
    ...told(summary),
  });

/**
 * The same, given up after so many milliseconds: whoever asks hands the payment on to `payment/<id>`, which asks under the same
 * key (D24).
 */
export const promptCharges = (summary: string, milliseconds: number) =>
  proxyActivities<ProviderActivities>({
    taskQueue: 'payment-svc',
    startToCloseTimeout: '30 s',
    scheduleToCloseTimeout: milliseconds,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s' },
    ...told(summary),
  });

/** Retry class "question": a quick try to learn something; going on without an answer is safe. */
export const questions = (summary: string) =>
  proxyActivities<ProviderActivities>({
    taskQueue: 'payment-svc',
    startToCloseTimeout: '10 s',
    scheduleToCloseTimeout: '30 s',
    retry: { initialInterval: '1 s', maximumAttempts: 3 },
    ...told(summary),
  });

/** Steps of a subscription: as above, with time for several transactions in a row when there is much to make up for. */
export const subscriptionSteps = (summary: string) =>
  proxyLocalActivities<SubscriptionActivities>({ startToCloseTimeout: '10 s', ...untilItSucceeds, ...told(summary) });

/** Looks of a dunning campaign. */
export const campaignSteps = (summary: string) =>
  proxyLocalActivities<CampaignActivities>({ startToCloseTimeout: '5 s', ...untilItSucceeds, ...told(summary) });

/** Steps of a price move in its own rows. */
export const priceMoveSteps = (summary: string) =>
  proxyLocalActivities<PriceMoveSteps>({ startToCloseTimeout: '5 s', ...untilItSucceeds, ...told(summary) });

/** Subscriptions asked for another price, some at a time; repeated, each is asked under the same command id. */
export const priceMoveBatches = (summary: string) =>
  proxyActivities<PriceMoveActivities>({
    taskQueue: 'subscription-svc',
    startToCloseTimeout: '10 min',
    heartbeatTimeout: '1 min',
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 min' },
    ...told(summary),
  });

/** Steps of a switch in its own rows, and in those of its company. */
export const deploymentSteps = (summary: string) =>
  proxyLocalActivities<DeploymentSteps>({ startToCloseTimeout: '10 s', ...untilItSucceeds, ...told(summary) });

/** What is brought to a target: long, with a heartbeat; repeated, it goes on where it was. */
export const deploymentTarget = (summary: string) =>
  proxyActivities<DeploymentActivities>({
    taskQueue: 'k8s-generator',
    startToCloseTimeout: '10 min',
    heartbeatTimeout: '10 s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
    ...told(summary),
  });

/** A look at a target, and what puts it right. A target that is away is asked again, ever less often, until it answers. */
export const driftAtTarget = (summary: string) =>
  proxyActivities<DriftActivities>({
    taskQueue: 'k8s-generator',
    startToCloseTimeout: '10 min',
    heartbeatTimeout: '10 s',
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '1 min' },
    ...told(summary),
  });

/** Whether a service answers on its own task queue. A host that dies and comes back meanwhile is no reason to say no. */
export const smokeCheck = (service: string) =>
  proxyActivities<ServiceActivities>({
    taskQueue: service,
    startToCloseTimeout: '3 s',
    scheduleToCloseTimeout: '1 min',
    retry: { initialInterval: '200 ms', maximumInterval: '2 s' },
    ...told(`does ${service} answer`),
  });

/** A clock's advance: long, with a heartbeat, and resumed from its row wherever it was lost (D26). */
export const clockSteps = (summary: string) =>
  proxyActivities<ClockActivities>({
    taskQueue: 'subscription-svc',
    startToCloseTimeout: '2 h',
    heartbeatTimeout: '10 s',
    retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '10 s' },
    ...told(summary),
  });
