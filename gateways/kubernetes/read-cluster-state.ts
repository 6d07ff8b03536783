import type {
  ObjectChange,
  Release,
  ReleaseObject,
  ServiceCondition,
  WantedService,
} from '../../domain/deployments/deployment-target-types';
import { readRollout } from '../../domain/deployments/rollout-rules';
import { planRelease } from './apply-release';
import type { ClusterConnection } from './cluster-connection';
import type { KubernetesParts } from './kubernetes-parts';
import { mapLimited } from './map-limited';
import { readObject } from './object-store';
import { observe } from './watch-rollout';

/** How each service stands, and what differs from the release, by a dry run of it (drift). */
export async function readClusterState(parts: KubernetesParts, release: Release): Promise<ServiceCondition[]> {
  const changes = (await planRelease(parts, release)).map(({ change }) => change);

  return mapLimited(release.services, 4, async (service) => {
    const deployment = release.objects.find((one) => one.kind === 'Deployment' && one.service === service.service);
    const drift = changes.filter((one) => one.service === service.service && isDrift(one));

    return { ...(await readService(parts.cluster, service, deployment)), drift };
  });
}

/** Replicas that an autoscaler sets are as they should be. */
function isDrift({ change, takenFrom }: ObjectChange): boolean {
  return change !== 'unchanged' || takenFrom.length > 0;
}

async function readService(
  cluster: ClusterConnection,
  { service, namespace, replicas }: WantedService,
  deployment: ReleaseObject | undefined,
): Promise<Omit<ServiceCondition, 'drift'>> {
  const live = deployment === undefined ? null : await readObject(cluster, deployment);
  const observed = observe(live);
  const common = { service, namespace, wantedReplicas: replicas, readyReplicas: observed?.availableReplicas ?? 0 };

  if (observed === null || live === null) {
    return { ...common, state: 'missing', says: 'there is no Deployment' };
  }
  const { state, says } = readRollout(observed, live.generation);

  if (state !== 'ready') {
    return { ...common, state: 'not_ready', says };
  }

  return { ...common, state: observed.wantedReplicas === 0 ? 'stopped' : 'ready', says: null };
}
