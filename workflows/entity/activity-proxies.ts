import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import type { CampaignActivities } from '../../activities/campaign-activities';
import type { OrderActivities } from '../../activities/order-activities';
import type { PaymentActivities } from '../../activities/payment-activities';
import type { ClockActivities } from '../../activities/clock-activities';
import type { ProviderActivities } from '../../activities/provider-activities';
import type { SubscriptionActivities } from '../../activities/subscription-activities';

/** A step in the database has no other end than its success. */
const untilItSucceeds = {
  localRetryThreshold: '1 s',
  retry: { initialInterval: '100 ms', backoffCoefficient: 2, maximumInterval: '30 s' },
} as const;

/** Short database steps: local, tried again for as long as it takes, because a refusal is a value and not an error. */
export const databaseSteps = proxyLocalActivities<OrderActivities & PaymentActivities>({
  startToCloseTimeout: '5 s',
  ...untilItSucceeds,
});

/** Retry class "payment": money may move, so every try carries the same key and only a definite answer ends it. */
export const payments = proxyActivities<ProviderActivities>({
  taskQueue: 'payment-svc',
  startToCloseTimeout: '30 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '5 min' },
});

/** Retry class "question": a quick try to learn something; going on without an answer is safe. */
export const questions = proxyActivities<ProviderActivities>({
  taskQueue: 'payment-svc',
  startToCloseTimeout: '10 s',
  scheduleToCloseTimeout: '30 s',
  retry: { initialInterval: '1 s', maximumAttempts: 3 },
});

/** Steps of a subscription: as above, with time for several transactions in a row when there is much to make up for. */
export const subscriptionSteps = proxyLocalActivities<SubscriptionActivities>({
  startToCloseTimeout: '10 s',
  ...untilItSucceeds,
});

/** Looks of a dunning campaign. */
export const campaignSteps = proxyLocalActivities<CampaignActivities>({
  startToCloseTimeout: '5 s',
  ...untilItSucceeds,
});

/** A clock's advance: long, with a heartbeat, and resumed from its row wherever it was lost (D26). */
export const clockSteps = proxyActivities<ClockActivities>({
  taskQueue: 'subscription-svc',
  startToCloseTimeout: '2 h',
  heartbeatTimeout: '10 s',
  retry: { initialInterval: '500 ms', backoffCoefficient: 2, maximumInterval: '10 s' },
});
