import type { ObjectReference } from '../../domain/deployments/deployment-target-types';
import type { ClusterConnection } from './cluster-connection';
import { callApi } from './object-store';
import { collectionPath } from './object-path';

interface Pod {
  metadata: { name: string };
  status?: {
    conditions?: { type: string; status: string; message?: string }[];
    containerStatuses?: {
      image: string;
      ready: boolean;
      restartCount: number;
      state?: { waiting?: { reason?: string } };
      lastState?: { terminated?: { exitCode?: number; reason?: string } };
    }[];
  };
}

/** Why pods of a Deployment are not ready, in one sentence; null when that cannot be read from them. */
export async function explainPods(cluster: ClusterConnection, deployment: ObjectReference): Promise<string | null> {
  try {
    const query = { labelSelector: `app.kubernetes.io/name=${deployment.name},app.kubernetes.io/part-of=bmms` };
    const path = collectionPath('v1', 'pods', deployment.namespace);
    const body = await callApi(cluster, { method: 'GET', path, query }, `listing pods of ${deployment.name}`);
    const pods = (body['items'] ?? []) as unknown as Pod[];

    return pods.map(explainPod).find((text) => text !== null) ?? null;
  } catch {
    // The rollout has failed whatever its pods say; its own words do.
    return null;
  }
}

function explainPod({ metadata, status }: Pod): string | null {
  const container = status?.containerStatuses?.find(({ ready }) => !ready);
  const reason = container?.state?.waiting?.reason;
  const ended = container?.lastState?.terminated;
  const unscheduled = status?.conditions?.find(
    ({ type, status: value }) => type === 'PodScheduled' && value === 'False',
  );

  if (container !== undefined && ended !== undefined) {
    return `pod ${metadata.name} ended with status ${ended.exitCode} and was started ${container.restartCount} times again`;
  }

  if (container !== undefined && reason !== undefined) {
    return `pod ${metadata.name} waits: ${reason} (${container.image})`;
  }

  return unscheduled?.message === undefined ? null : `pod ${metadata.name} has no node: ${unscheduled.message}`;
}
