import type { TargetDescription } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import { type KubernetesParts, platformNamespace } from './kubernetes-parts';
import { callApi, parseLive } from './object-store';

/**
 * Which cluster it is: the uid of our platform namespace, which no other cluster has, and which a cluster that was made
 * anew does not have either. Reading it takes no right beyond our own namespaces.
 * @throws AppError `target_incomplete` where nothing was prepared
 */
export async function describeCluster({ cluster, settings }: KubernetesParts): Promise<TargetDescription> {
  const namespace = platformNamespace(settings);
  const body = await callApi(
    cluster,
    { method: 'GET', path: `/api/v1/namespaces/${encodeURIComponent(namespace)}` },
    `looking for the namespace ${namespace}`,
  );
  const clusterId = parseLive(body).uid;

  return {
    kind: 'kubernetes',
    targetId: `kubernetes/${clusterId}`,
    context: cluster.context,
    server: cluster.server,
    clusterId,
  };
}

/** @throws AppError `target_changed` */
export function requireApproved(
  found: TargetDescription,
  approved: Pick<TargetDescription, 'targetId' | 'clusterId'>,
): void {
  if (found.clusterId !== approved.clusterId || found.targetId !== approved.targetId) {
    throw new AppError('target_changed', {
      detail: `${found.server} (context ${found.context}) is the cluster ${found.clusterId}; approved was ${approved.clusterId}.`,
      params: { found: found.clusterId, approved: approved.clusterId },
    });
  }
}
