import type { DeploymentTarget } from '../../../domain/deployments/deployment-target';
import { AppError } from '../../../domain/errors';
import type { ObjectChange, Release, WantedService } from '../../../domain/deployments/deployment-target-types';

/** Stands in for a cluster, of which nothing but what its last revision wants and what differs from it matters here. */
export interface DriftingTarget {
  target: DeploymentTarget;
  /** The Deployments that are gone. */
  gone: Set<string>;
  /** What is applied does not come up, and is put back. */
  isBroken: boolean;
  /** What is applied is refused for good, once the revision is claimed. */
  isForbidden: boolean;
  /** Somebody is bringing something there. */
  isBusy: boolean;
}

export const targetId = 'kubernetes/3c1f';

export function openDriftingTarget(names: readonly string[]): DriftingTarget {
  const wanted = names.map((service): WantedService => ({ service, namespace: 'order', replicas: 1, env: {} }));
  const last = { revision: 1, key: 'model-switch/1' };
  const state: Omit<DriftingTarget, 'target'> = { gone: new Set(), isBroken: false, isForbidden: false, isBusy: false };
  const releaseOf = (services: readonly WantedService[]): Release => ({
    digest: 'd',
    services: [...services],
    objects: [],
  });
  const missing = (service: string): ObjectChange => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'bmms-order',
    name: service,
    service,
    change: 'create',
    fields: [],
    takenFrom: [],
    leftTo: [],
  });
  const never = () => Promise.reject(new Error('Nothing of drift asks for this.'));
  const target: DeploymentTarget = {
    kind: 'kubernetes',
    isExportOnly: false,
    rolloutMs: 1_000,
    describe: () =>
      Promise.resolve({ kind: 'kubernetes', targetId, context: 'here', server: 'https://here', clusterId: '3c1f' }),
    readStandings: never,
    dryRun: never,
    readRevision: never,
    render: (services) => Promise.resolve(releaseOf(services)),
    apply({ key }) {
      if (state.isForbidden) {
        state.isBusy = true;

        return Promise.reject(new AppError('target_forbidden', { detail: 'It may not update deployments.' }));
      }

      return Promise.resolve({ revision: last.revision + 1, key, objects: [] });
    },
    watchRollout() {
      return Promise.resolve(
        state.isBroken
          ? { outcome: 'failed', reasons: [{ service: 'order-svc', says: 'no pod gets ready' }] }
          : { outcome: 'ready' },
      );
    },
    confirm(key) {
      Object.assign(last, { revision: last.revision + 1, key });
      state.gone.clear();

      return Promise.resolve();
    },
    restore() {
      state.isBusy = false;

      return Promise.resolve(null);
    },
    prune: () => Promise.resolve([]),
    readWanted: () => Promise.resolve({ ...last, isPending: state.isBusy, services: wanted }),
    readState: ({ services }) =>
      Promise.resolve(
        services.map(({ service, namespace, replicas }) => ({
          service,
          namespace,
          state: state.gone.has(service) ? ('missing' as const) : ('ready' as const),
          wantedReplicas: replicas,
          readyReplicas: replicas,
          says: null,
          drift: state.gone.has(service) ? [missing(service)] : [],
        })),
      ),
  };

  return Object.assign(state, { target });
}
