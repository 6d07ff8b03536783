/** Subject of a campaign's events and id of its workflow. */
export function campaignSubject(campaignId: number): string {
  return `dunning/${campaignId}`;
}

/** How the workflow of a campaign is started; it goes on where its row is. */
export function campaignWorkflow({ companyId, campaignId }: { companyId: number; campaignId: number }) {
  return {
    type: 'dunningCampaign',
    workflowId: campaignSubject(campaignId),
    taskQueue: 'payment-svc',
    input: { companyId, campaignId },
  };
}
