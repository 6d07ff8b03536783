import type { Client } from '@temporalio/client';

import { lastPolled } from '../clients/task-queue-client';
import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import type { DeploymentTargets } from '../domain/deployments/planning/plan-for-target';
import { AppError } from '../domain/errors';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { createLocalTarget } from './local/create-local-target';

/** The targets that this installation deploys to, by their kind; each is opened at its first use. */
export function openTargets(parts: { database: Database; clock: Clock; temporal: Client }): DeploymentTargets {
  const makers: Partial<Record<DeploymentTarget['kind'], () => DeploymentTarget>> = {
    local: () => createLocalTarget({ ...parts, lastPolled: (queue) => lastPolled(parts.temporal, queue) }),
  };
  const opened = new Map<string, DeploymentTarget>();

  return (kind) => {
    const target = opened.get(kind) ?? makers[kind]?.();

    if (target === undefined) {
      throw new AppError('target_unknown', { field: '/target', detail: `There is no target ${kind} here.` });
    }
    opened.set(kind, target);

    return target;
  };
}
