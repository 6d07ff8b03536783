/** What is read of a Deployment; counters that are absent are 0. */
export interface ObservedDeployment {
  generation: number;
  deletionTimestamp: string | null;
  /** null: nobody has said, so it is 1. */
  wantedReplicas: number | null;
  isPaused: boolean;
  observedGeneration: number;
  replicas: number;
  updatedReplicas: number;
  availableReplicas: number;
  conditions: readonly { type: string; status: string; reason: string; message: string }[];
}

/** `refused`: no pod can be made just now (a quota, an admission rule). The controller goes on trying. */
export type RolloutState = 'waiting' | 'refused' | 'ready' | 'failed' | 'superseded';

/**
 * How the rollout of one write to a Deployment stands. Bound to the generation which that write got: before the
 * controller has seen it, its conditions tell of an earlier one; after a later write, they tell of that.
 */
export function readRollout(
  deployment: ObservedDeployment | null,
  appliedGeneration: number,
): { state: RolloutState; says: string } {
  if (deployment === null || deployment.deletionTimestamp !== null) {
    return { state: 'superseded', says: 'it was deleted by somebody else' };
  }

  if (deployment.generation > appliedGeneration) {
    return { state: 'superseded', says: 'somebody else changed it meanwhile' };
  }

  if (deployment.observedGeneration < appliedGeneration) {
    return { state: 'waiting', says: 'waiting for the cluster to take notice' };
  }

  return readCounters(deployment);
}

function readCounters(deployment: ObservedDeployment): { state: RolloutState; says: string } {
  const condition = (type: string) => deployment.conditions.find((one) => one.type === type);
  const progressing = condition('Progressing');
  const failure = condition('ReplicaFailure');
  const wanted = deployment.wantedReplicas ?? 1;
  const { replicas, updatedReplicas, availableReplicas } = deployment;

  if (wanted === 0) {
    return replicas === 0
      ? { state: 'ready', says: 'stopped' }
      : { state: 'waiting', says: `${replicas} of its pods are still to end` };
  }

  if (failure?.status === 'True') {
    return { state: 'refused', says: failure.message === '' ? 'its pods cannot be created' : failure.message };
  }

  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return {
      state: 'failed',
      says: `${availableReplicas} of ${wanted} pods are ready, and no more became so within its deadline`,
    };
  }

  if (deployment.isPaused) {
    return { state: 'failed', says: 'its rollout is paused' };
  }

  if (updatedReplicas < wanted) {
    return { state: 'waiting', says: `${updatedReplicas} of ${wanted} pods are of the new version` };
  }

  if (replicas > updatedReplicas) {
    return { state: 'waiting', says: `${replicas - updatedReplicas} pods of the old version are still to end` };
  }

  const isAvailable = condition('Available')?.status === 'True';

  return availableReplicas >= updatedReplicas && isAvailable && progressing?.reason === 'NewReplicaSetAvailable'
    ? { state: 'ready', says: `${availableReplicas} of ${wanted} pods are ready` }
    : { state: 'waiting', says: `${Math.min(availableReplicas, wanted)} of ${wanted} pods are ready` };
}
