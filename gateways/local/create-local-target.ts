import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type { AppliedRevision, Release, ServiceCondition } from '../../domain/deployments/deployment-target-types';
import {
  applyLocally,
  confirmLocally,
  type LocalRevision,
  readLocalRelease,
  readLocalStates,
  restoreLocally,
  startedBy,
} from '../../domain/deployments/local/local-revisions';
import { canonicalJson } from '../../domain/deployments/planning/canonical-json-rules';
import type { Clock } from '../../platform/clock';
import type { Database } from '../../platform/db/database';

/** Last time that somebody asked a task queue for work, epoch milliseconds; null: nobody lately. */
export type LastPolled = (taskQueue: string) => Promise<number | null>;

const lookEveryMs = 150;

/** A poll lasts up to a minute, so whoever has asked within this may still be there. */
const pollLastsMs = 75_000;

/**
 * The embedded system (D31): a service is a Worker, wanted by a row of platform.service_state, which the worker host follows.
 * It is ready when it asks its task queue for work (D33).
 */
export function createLocalTarget(parts: {
  database: Database;
  clock: Clock;
  lastPolled: LastPolled;
}): DeploymentTarget {
  const { database, clock, lastPolled } = parts;
  const isReady = async (service: string, since: number): Promise<boolean> =>
    ((await lastPolled(service)) ?? 0) >= since;

  return {
    kind: 'local',
    isExportOnly: false,
    rolloutMs: 30_000,
    describe: () => Promise.resolve({ kind: 'local', targetId: 'local', context: null, server: null, clusterId: null }),

    readStandings: () => Promise.resolve(null),

    render(wanted) {
      const services = [...wanted].sort((left, right) => (left.service < right.service ? -1 : 1));
      const digest = createHash('sha256').update(canonicalJson(services)).digest('hex');

      return Promise.resolve({ digest, services, objects: [] });
    },

    dryRun: () => Promise.resolve([]),

    async apply({ release, key, only }) {
      const services = only ?? release.services.map(({ service }) => service);

      return revisionOf(key, await applyLocally(database, { key, release, only: services, now: clock.now() }));
    },

    async watchRollout({ key }, { timeoutMs, signal, onProgress }) {
      const started = await startedBy(database, key);
      const until = clock.now().getTime() + timeoutMs;

      for (;;) {
        const running = (await readLocalStates(database)).filter(({ state }) => state !== 'stopped');
        const watched = running.filter(({ service }) => started.has(service));
        const waiting: string[] = [];

        for (const { service, updatedAt } of watched) {
          if (!(await isReady(service, updatedAt.getTime()))) {
            waiting.push(service);
          }
        }
        const waitingFor = waiting.map((service) => ({ service, says: `no Worker asks ${service} for work yet` }));

        if (waiting.length === 0) {
          return { outcome: 'ready' };
        }
        onProgress?.({ waitingFor, ready: watched.length - waiting.length, total: watched.length });

        if (clock.now().getTime() >= until) {
          return { outcome: 'timed_out', reasons: waitingFor };
        }
        await sleep(lookEveryMs, undefined, { signal });
      }
    },

    confirm: (key) => confirmLocally(database, key),

    async restore(key) {
      const revision = await restoreLocally(database, { key, now: clock.now() });

      return revision === null ? null : revisionOf(key, revision);
    },

    prune: () => Promise.resolve([]),

    // The worker hosts follow the rows all the time.
    readWanted: () => Promise.resolve(null),

    readRevision: (revision) => readLocalRelease(database, revision),

    async readState(release: Release): Promise<ServiceCondition[]> {
      const states = new Map((await readLocalStates(database)).map((state) => [state.service, state]));
      const recently = clock.now().getTime() - pollLastsMs;

      return Promise.all(
        release.services.map(async ({ service, namespace, replicas }) => {
          const row = states.get(service);
          const polls = row !== undefined && row.state !== 'stopped' && (await isReady(service, recently));

          return {
            service,
            namespace,
            state: row === undefined ? 'missing' : row.state === 'stopped' ? 'stopped' : polls ? 'ready' : 'not_ready',
            wantedReplicas: row?.replicas ?? replicas,
            readyReplicas: polls ? row.replicas : 0,
            says: row !== undefined && row.state !== 'stopped' && !polls ? 'no Worker asks for work' : null,
            drift: [],
          };
        }),
      );
    },
  };
}

const revisionOf = (key: string, { revision }: LocalRevision): AppliedRevision => ({ revision, key, objects: [] });
