import type { Client } from '@temporalio/client';

import { lastPolled } from '../clients/task-queue-client';
import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import type { TargetKind } from '../domain/deployments/deployment-target-types';
import type { DeploymentTargets } from '../domain/deployments/planning/plan-for-target';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Database } from '../platform/db/database';
import { createLocalTarget } from './local/create-local-target';
import { openClusterTarget } from './open-cluster-target';
import { openFolderTarget } from './open-folder-target';

/** The targets that this installation deploys to, by their kind; each is opened at its first use. */
export function openTargets(parts: {
  config: Config;
  database: Database;
  clock: Clock;
  temporal: Client;
}): DeploymentTargets {
  const { config } = parts;
  const makers: Record<TargetKind, () => Promise<DeploymentTarget>> = {
    local: () =>
      Promise.resolve(createLocalTarget({ ...parts, lastPolled: (queue) => lastPolled(parts.temporal, queue) })),
    kubernetes: () => openClusterTarget(config),
    directory: () => openFolderTarget(config),
  };
  const opened = new Map<TargetKind, DeploymentTarget>();

  return async (kind) => {
    const target = opened.get(kind) ?? (await makers[kind]());
    opened.set(kind, target);

    return target;
  };
}
