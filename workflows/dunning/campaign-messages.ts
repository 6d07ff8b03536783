import { defineSignal } from '@temporalio/workflow';

/** Messages of `dunning/<id>`: plain JSON. */

export interface CampaignWorkflowInput {
  companyId: number;
  campaignId: number;
  /** Continues as new after so many looks (D25). */
  looksPerRun?: number;
}

/** More has become overdue: the row says when to look at it. */
export const lookAgainSignal = defineSignal('lookAgain');
