import { setTimeout as wait } from 'node:timers/promises';

import type { Watching } from '../../domain/deployments/deployment-target';
import type {
  AppliedObject,
  AppliedRevision,
  JsonObject,
  RolloutOutcome,
} from '../../domain/deployments/deployment-target-types';
import { type ObservedDeployment, readRollout, type RolloutState } from '../../domain/deployments/rollout-rules';
import type { ClusterConnection } from './cluster-connection';
import { ClusterUnavailable } from './cluster-failure';
import { mapLimited } from './map-limited';
import { type LiveObject, readObject } from './object-store';
import { explainPods } from './explain-pods';

const pollEveryMs = 400;
/** A quota may be full for the moment in which old pods end. */
const refusalLastsMs = 4_000;

interface Sight {
  object: AppliedObject;
  state: RolloutState;
  says: string;
}

/**
 * Looks at the Deployments of a revision again and again until all are ready, one has failed, or somebody else has
 * written. A cluster that is away is waited for. Polling, not a watch: a look can be repeated after anything.
 */
export async function watchRollout(
  cluster: ClusterConnection,
  applied: AppliedRevision,
  { timeoutMs, signal, onProgress }: Watching & { timeoutMs: number },
): Promise<RolloutOutcome> {
  const deployments = applied.objects.filter(({ kind }) => kind === 'Deployment');
  const refusedSince = new Map<string, number>();
  const startedAt = performance.now();
  let waiting: Sight[] = deployments.map((object) => ({ object, state: 'waiting', says: 'not looked at yet' }));

  for (;;) {
    signal?.throwIfAborted();
    const sights = await look(cluster, waiting, refusedSince);
    waiting = sights.filter(({ state }) => state !== 'ready');
    const failed = sights.filter(({ state }) => state === 'failed');
    const superseded = sights.filter(({ state }) => state === 'superseded');
    onProgress?.({
      waitingFor: waiting.map(reasonOf),
      ready: deployments.length - waiting.length,
      total: deployments.length,
    });

    if (failed.length > 0) {
      return { outcome: 'failed', reasons: await mapLimited(failed, 4, (sight) => explain(cluster, sight)) };
    }

    if (superseded.length > 0) {
      return { outcome: 'superseded', reasons: superseded.map(reasonOf) };
    }

    if (waiting.length === 0) {
      return { outcome: 'ready' };
    }

    if (performance.now() - startedAt > timeoutMs) {
      return { outcome: 'timed_out', reasons: await mapLimited(waiting, 4, (sight) => explain(cluster, sight)) };
    }
    await wait(pollEveryMs, undefined, signal === undefined ? {} : { signal });
  }
}

async function look(
  cluster: ClusterConnection,
  waiting: readonly Sight[],
  refusedSince: Map<string, number>,
): Promise<Sight[]> {
  return mapLimited(waiting, 4, async ({ object }): Promise<Sight> => {
    try {
      const live = await readObject(cluster, object);
      const { state, says } = readRollout(observe(live?.uid === object.uid ? live : null), object.generation);

      return { object, says, state: state === 'refused' ? judgeRefusal(object.uid, refusedSince) : forget() };

      function forget(): RolloutState {
        refusedSince.delete(object.uid);

        return state;
      }
    } catch (error) {
      if (error instanceof ClusterUnavailable) {
        return { object, state: 'waiting', says: 'the cluster does not answer; asking again' };
      }
      throw error;
    }
  });
}

function judgeRefusal(uid: string, refusedSince: Map<string, number>): RolloutState {
  const since = refusedSince.get(uid) ?? performance.now();
  refusedSince.set(uid, since);

  return performance.now() - since > refusalLastsMs ? 'failed' : 'waiting';
}

export function observe(live: LiveObject | null): ObservedDeployment | null {
  if (live === null) {
    return null;
  }
  const content = live.content as {
    metadata: { deletionTimestamp?: string };
    spec?: { replicas?: number; paused?: boolean };
    status?: JsonObject;
  };
  const status = (content.status ?? {}) as Partial<Record<string, number>> & {
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };

  return {
    generation: live.generation,
    deletionTimestamp: content.metadata.deletionTimestamp ?? null,
    wantedReplicas: content.spec?.replicas ?? null,
    isPaused: content.spec?.paused ?? false,
    observedGeneration: status['observedGeneration'] ?? 0,
    replicas: status['replicas'] ?? 0,
    updatedReplicas: status['updatedReplicas'] ?? 0,
    availableReplicas: status['availableReplicas'] ?? 0,
    conditions: (status.conditions ?? []).map(({ type, status: value, reason = '', message = '' }) => ({
      type,
      status: value,
      reason,
      message,
    })),
  };
}

function reasonOf({ object, says }: Sight): { service: string; says: string } {
  return { service: object.service, says };
}

async function explain(cluster: ClusterConnection, sight: Sight): Promise<{ service: string; says: string }> {
  const pods = await explainPods(cluster, sight.object);

  return { service: sight.object.service, says: pods === null ? sight.says : `${sight.says}; ${pods}` };
}
