import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import { applyRelease, dryRunRelease } from './apply-release';
import { confirmRevision } from './confirm-revision';
import { describeCluster } from './describe-cluster';
import type { KubernetesParts } from './kubernetes-parts';
import { pruneObjects } from './prune-objects';
import { readClusterState } from './read-cluster-state';
import { readStandings } from './read-standings';
import { renderRelease } from './render/render-release';
import { restoreRevision } from './restore-revision';
import { RevisionRecords } from './revision-records';
import { watchRollout } from './watch-rollout';

/** A Kubernetes cluster (D31): server-side apply under our field manager, revisions kept in the cluster itself. */
export function createKubernetesTarget(parts: KubernetesParts): DeploymentTarget {
  return {
    kind: 'kubernetes',
    isExportOnly: false,
    rolloutMs: rolloutMsOf(parts),
    describe: () => describeCluster(parts),
    readStandings: (services) => readStandings(parts, services),
    render: (wanted) => renderRelease(wanted, parts.settings),
    dryRun: (release) => dryRunRelease(parts, release),
    apply: (request) => applyRelease(parts, request),
    watchRollout: (applied, watching) => watchRollout(parts.cluster, applied, watching),
    confirm: (key) => confirmRevision(parts, key),
    restore: (key, reason, options) => restoreRevision(parts, key, reason, options),
    prune: (keep, options) => pruneObjects(parts, keep, options),
    async readWanted() {
      const record = await new RevisionRecords(parts).latestGood();

      if (record === null) {
        return null;
      }
      const { revision, key, state, wanted } = record;

      return { revision, key, isPending: state === 'pending', services: wanted };
    },
    readRevision: async (revision) => (await new RevisionRecords(parts).read(revision)).release,
    readState: (release) => readClusterState(parts, release),
  };
}

/** Longer than the longest try of an activity would be no use. Milliseconds. */
const longestRolloutMs = 480_000;

/** A rollout may make progress several times, each within its deadline. */
function rolloutMsOf({ settings }: KubernetesParts): number {
  return Math.min(longestRolloutMs, (2 * (settings.progressDeadlineSeconds ?? 120) + 60) * 1_000);
}
