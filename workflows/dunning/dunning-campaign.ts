import { condition, continueAsNew, setCurrentDetails, setHandler } from '@temporalio/workflow';

import { campaignSteps } from '../entity/activity-proxies';
import { type CampaignWorkflowInput, lookAgainSignal } from './campaign-messages';
import { workflowNow } from '../entity/workflow-clock';

/** An account may stay below its threshold for years: each run takes so many looks, some two years' worth at most. */
const defaultLooksPerRun = 25;

/**
 * `dunning/<id>` on payment-svc: looks at an account that is overdue, at the instants that its row says, until the campaign
 * is finished or closed. What a look does is one transaction, which changes nothing when it is too early or repeated.
 */
export async function dunningCampaign(input: CampaignWorkflowInput): Promise<void> {
  const { companyId, campaignId, looksPerRun = defaultLooksPerRun } = input;
  let isAsked = false;
  setHandler(lookAgainSignal, () => {
    isAsked = true;
  });

  for (let looks = 1; ; looks += 1) {
    isAsked = false;
    const { attempts, nextLookAt } = await campaignSteps.lookAtCampaign({ companyId, campaignId });
    const next = nextLookAt === null ? 'it is over' : `looks again ${new Date(nextLookAt).toISOString()}`;
    setCurrentDetails(`asked ${attempts} times; ${next}`);

    if (nextLookAt === null) {
      return;
    }
    await condition(() => isAsked, Math.max(1, nextLookAt - workflowNow()), { summary: next });

    if (looks >= looksPerRun) {
      await continueAsNew<typeof dunningCampaign>(input);
    }
  }
}
