import type { Client } from '@temporalio/client';

import { createCampaignActivities } from '../activities/campaign-activities';
import { createClockActivities } from '../activities/clock-activities';
import { createDeploymentActivities } from '../activities/deployment-activities';
import { createDeploymentSteps } from '../activities/deployment-steps';
import { createDriftActivities } from '../activities/drift-activities';
import { createOrderActivities } from '../activities/order-activities';
import { createPaymentActivities } from '../activities/payment-activities';
import { createPriceMoveActivities, createPriceMoveSteps } from '../activities/price-move-activities';
import { createProviderActivities } from '../activities/provider-activities';
import { createServiceActivities } from '../activities/service-activities';
import { createSubscriptionActivities } from '../activities/subscription-activities';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { openTargets } from '../gateways/open-targets';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Database } from '../platform/db/database';
import type { ServiceDefinition } from './services';

export interface ActivityResources {
  config: Config;
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  /** platform.installation.id, first part of every effect key (D3). */
  installation: string;
  /** Whether payments settled by the documents' test endpoints exist here (not in production). */
  allowTestPayments: boolean;
  /** For activities that tell workflows: the advance of a test clock. */
  temporal: Client;
}

/**
 * What a service's Worker registers: the remote activities of its queue, and, where it runs workflows, the database steps
 * that those use as local activities.
 */
export function activitiesOf(
  service: ServiceDefinition,
  resources: ActivityResources,
): Record<string, (...args: never[]) => Promise<unknown>> {
  const deploying = { ...resources, targets: openTargets(resources) };

  return {
    ...createServiceActivities(service.name),
    ...(service.activities.includes('provider') ? createProviderActivities(resources) : {}),
    ...(service.activities.includes('clock') ? createClockActivities(resources) : {}),
    ...(service.activities.includes('priceMove') ? createPriceMoveActivities(resources) : {}),
    ...(service.activities.includes('deployment')
      ? { ...createDeploymentActivities(deploying), ...createDriftActivities(deploying) }
      : {}),
    ...(service.workflows.includes('modelSwitch') ? createDeploymentSteps(deploying) : {}),
    ...(service.workflows.length > 0
      ? {
          ...createOrderActivities(resources),
          ...createPaymentActivities(resources),
          ...createSubscriptionActivities({
            ...resources,
            renewalsPerSecond: resources.config.RENEWALS_PER_SECOND,
          }),
          ...createCampaignActivities(resources),
          ...createPriceMoveSteps(resources),
        }
      : {}),
  };
}
