/** Subject of a campaign's events and id of its workflow. */
export function campaignSubject(campaignId: number): string {
  return `dunning/${campaignId}`;
}
