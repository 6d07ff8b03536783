import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { type CampaignLook, lookAtCampaign } from '../domain/billing/dunning/look-at-campaign';
import { failForGood } from './answer-outcome';

/** Database steps of dunning campaigns, run as local activities. */
export function createCampaignActivities({ database, clock }: { database: Database; clock: Clock }) {
  return {
    lookAtCampaign: ({ companyId, campaignId }: { companyId: number; campaignId: number }): Promise<CampaignLook> =>
      failForGood(() => database.withTenantSql(companyId, (tx) => lookAtCampaign(tx, campaignId, clock.now()))),
  };
}

export type CampaignActivities = ReturnType<typeof createCampaignActivities>;
