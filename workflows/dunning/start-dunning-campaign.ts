import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';

import { campaignSubject } from '../../domain/billing/dunning/campaign-id-rules';
import { lookAgainSignal } from './campaign-messages';
import { dunningCampaign } from './dunning-campaign';

/**
 * Has `dunning/<id>` run, which outlives the subscription's run; several subscriptions of an account have one. One that
 * runs already is told that its row may say an earlier look now.
 */
export async function startDunningCampaign(input: { companyId: number; campaignId: number }): Promise<void> {
  const workflowId = campaignSubject(input.campaignId);

  try {
    await startChild(dunningCampaign, {
      workflowId,
      taskQueue: 'payment-svc',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [input],
      staticSummary: `dunning campaign ${input.campaignId}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }

    try {
      await getExternalWorkflowHandle(workflowId).signal(lookAgainSignal);
    } catch (failure) {
      log.info('the campaign has ended meanwhile', { campaignId: input.campaignId, failure });
    }
  }
}
