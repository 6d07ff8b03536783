import { campaignSubject } from '../domain/billing/dunning/campaign-id-rules';
import type { ClientParts, OfCompany } from './client-parts';
import { startUnlessRunning } from './workflow-start';

/** A campaign that looks at its account again goes on where its row is. @returns whether it had to be started */
export const restartCampaign = (
  { temporal }: Pick<ClientParts, 'temporal'>,
  { companyId, id }: OfCompany,
): Promise<boolean> =>
  startUnlessRunning(temporal, {
    type: 'dunningCampaign',
    workflowId: campaignSubject(id),
    taskQueue: 'payment-svc',
    input: { companyId, campaignId: id },
    companyId,
    urgency: 'background',
    summary: `dunning campaign ${id}`,
  });
