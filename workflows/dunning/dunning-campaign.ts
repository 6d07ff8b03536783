import { condition, continueAsNew, setHandler } from '@temporalio/workflow';

import { campaignSteps } from '../entity/activity-proxies';
import { showDetails } from '../entity/current-details';
import { type CampaignWorkflowInput, lookAgainSignal } from './campaign-messages';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { reasonOf } from '../entity/postponed-work';
import { workflowNow } from '../entity/workflow-clock';

/** An account may stay below its threshold for years: each run takes so many looks, some two years' worth at most. */
const defaultLooksPerRun = 25;

/** Milliseconds until a look that failed for good is tried again. */
const waitAfterFailure = 3_600_000;

/**
 * `dunning/<id>` on payment-svc: looks at an account that is overdue, at the instants that its row says, until the campaign
 * is finished or closed. What a look does is one transaction, which changes nothing when it is too early or repeated.
 */
export function dunningCampaign(input: CampaignWorkflowInput): Promise<void> {
  return withOwnCancellation((onCancelRequest) => runCampaign(input, onCancelRequest));
}

async function runCampaign(input: CampaignWorkflowInput, onCancelRequest: (take: () => void) => void): Promise<void> {
  const { companyId, campaignId, looksPerRun = defaultLooksPerRun } = input;
  const refused: string[] = [];
  let isAsked = false;
  const note = (message: string, reason: string) => {
    refused.push(`refused ${message}: ${reason}`);
    isAsked = true;
  };
  noteUnknownSignals([lookAgainSignal.name], note);
  onCancelRequest(() => note('request to cancel', 'an account that owes is asked; it ends with the debt'));
  setHandler(
    lookAgainSignal,
    () => {
      isAsked = true;
    },
    { description: 'More has become overdue: look at the account now.' },
  );

  for (let looks = 1; ; looks += 1) {
    isAsked = false;
    const { nextLookAt, next, what } = await look();
    showDetails([what, ...refused.slice(-20)]);

    if (nextLookAt === null) {
      return;
    }
    await condition(() => isAsked, Math.max(1, nextLookAt - workflowNow()), { summary: next });

    if (looks >= looksPerRun) {
      await continueAsNew<typeof dunningCampaign>(input);
    }
  }

  /** What fails for good is shown, and tried again after a while. */
  async function look(): Promise<{ nextLookAt: number | null; next: string; what: string }> {
    try {
      const { attempts, nextLookAt } = await campaignSteps(
        'look what the account owes, and ask it to pay',
      ).lookAtCampaign({ companyId, campaignId });
      const next = nextLookAt === null ? 'it is over' : `looks again ${new Date(nextLookAt).toISOString()}`;

      return { nextLookAt, next, what: `asked ${attempts} times; ${next}` };
    } catch (error) {
      const nextLookAt = workflowNow() + waitAfterFailure;
      const next = `tries again ${new Date(nextLookAt).toISOString()}`;

      return { nextLookAt, next, what: `a look failed: ${reasonOf(error)}; ${next}` };
    }
  }
}
