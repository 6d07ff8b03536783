import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import { applyRelease, dryRunRelease } from './apply-release';
import { confirmRevision } from './confirm-revision';
import { describeCluster } from './describe-cluster';
import type { KubernetesParts } from './kubernetes-parts';
import { pruneObjects } from './prune-objects';
import { readClusterState } from './read-cluster-state';
import { renderRelease } from './render/render-release';
import { restoreRevision } from './restore-revision';
import { RevisionRecords } from './revision-records';
import { watchRollout } from './watch-rollout';

/** A Kubernetes cluster (D31): server-side apply under our field manager, revisions kept in the cluster itself. */
export function createKubernetesTarget(parts: KubernetesParts): DeploymentTarget {
  return {
    kind: 'kubernetes',
    isExportOnly: false,
    describe: () => describeCluster(parts),
    render: (wanted) => renderRelease(wanted, parts.settings),
    dryRun: (release) => dryRunRelease(parts, release),
    apply: (request) => applyRelease(parts, request),
    watchRollout: (applied, watching) => watchRollout(parts.cluster, applied, watching),
    confirm: (key) => confirmRevision(parts, key),
    restore: (key, reason) => restoreRevision(parts, key, reason),
    prune: (keep) => pruneObjects(parts, keep),
    readRevision: async (revision) => (await new RevisionRecords(parts).read(revision)).release,
    readState: (release) => readClusterState(parts, release),
  };
}
