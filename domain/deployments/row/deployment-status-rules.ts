/** Where a deployment stands (D33). */
export const deploymentStatuses = [
  'planned',
  'awaiting_approval',
  'draining',
  'applying',
  'verifying',
  'succeeded',
  'rolling_back',
  'rolled_back',
  'failed',
  'cancelled',
  'expired',
] as const;
export type DeploymentStatus = (typeof deploymentStatuses)[number];

const ends: readonly DeploymentStatus[] = ['succeeded', 'rolled_back', 'failed', 'cancelled', 'expired'];

export const isOver = (status: DeploymentStatus): boolean => ends.includes(status);

/** Nothing has been brought to the target yet, so that there is nothing to put back there. */
export const isBeforeApplying = (status: DeploymentStatus): boolean =>
  ['planned', 'awaiting_approval', 'draining'].includes(status);

/** Subject of its events and id of its workflow; also the key of its revision of the target. */
export const deploymentSubject = (id: number): string => `model-switch/${id}`;
