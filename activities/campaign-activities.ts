import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { type CampaignLook, lookAtCampaign } from '../domain/subscriptions/steps/look-at-campaign';

/** Database steps of dunning campaigns, run as local activities. */
export function createCampaignActivities({
  database,
  gateways,
  clock,
}: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
}) {
  return {
    lookAtCampaign: ({ companyId, campaignId }: { companyId: number; campaignId: number }): Promise<CampaignLook> =>
      database.withTenantSql(companyId, (tx) => lookAtCampaign(tx, campaignId, { gateways, now: clock.now() })),
  };
}

export type CampaignActivities = ReturnType<typeof createCampaignActivities>;
