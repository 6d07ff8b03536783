import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import type { RolloutOutcome } from '../domain/deployments/deployment-target-types';
import {
  type DeploymentTargets,
  servicesToApply,
  wantedServices,
} from '../domain/deployments/planning/plan-for-target';
import { type DeploymentRow, readDeployment } from '../domain/deployments/row/deployment-row';
import { deploymentSubject } from '../domain/deployments/row/deployment-status-rules';
import { tellChanges } from '../domain/deployments/tell-changes-rules';
import { AppError } from '../domain/errors';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { failForGood } from './answer-outcome';
import type { OfDeployment } from './deployment-steps';
import { finishLostMend } from './finish-lost-mend';
import { retireServices } from './retire-services';
import { stayAlive, watching } from './stay-alive';

/** What was applied, with what was found at the target; or why it was not. */
export type ApplyAnswer =
  { kind: 'ready'; revision: number; told?: string[] } | { kind: 'failed'; code: string; says: string };

/** So long a switch waits for somebody else at its target, with its door closed. */
const busyPatienceMs = 120_000;

/** What leaves the process for the target: remote activities of k8s-generator, each safe to repeat. */
export function createDeploymentActivities(parts: {
  database: Database;
  clock: Clock;
  targets: DeploymentTargets;
  temporal: Client;
}) {
  const { database, clock, targets } = parts;
  const read = async ({
    companyId,
    deploymentId,
  }: OfDeployment): Promise<{ row: DeploymentRow; target: DeploymentTarget }> => {
    const row = await database.withTenantSql(companyId, (tx) => readDeployment(tx, deploymentId));

    return { row, target: await targets(row.target.kind) };
  };

  /** Applies what begins and changes, and waits until it serves. What a target refuses for good is an answer. */
  async function applyDeployment(of: OfDeployment): Promise<ApplyAnswer> {
    const { row, target } = await read(of);

    try {
      const release = await target.render(wantedServices(row.plan, 'running'));
      const applied = await target.apply({
        release,
        key: deploymentSubject(row.id),
        approved: row.target,
        only: target.isExportOnly ? undefined : servicesToApply(row.plan),
      });
      const outcome = await target.watchRollout(applied, { ...watching(), timeoutMs: target.rolloutMs });

      return outcome.outcome === 'ready'
        ? { kind: 'ready', revision: applied.revision, told: tellChanges(applied.changes ?? []) }
        : failed(outcome);
    } catch (error) {
      if (error instanceof AppError && error.code === 'target_busy') {
        await waitWhileBusy(error, target);
      }

      if (error instanceof AppError && error.status < 500) {
        return { kind: 'failed', code: error.code, says: error.message };
      }
      throw error;
    }
  }

  /** Whoever is at it has mostly done in seconds, and what nobody is at any more is finished here. @throws to be tried again */
  async function waitWhileBusy(error: AppError, target: DeploymentTarget): Promise<void> {
    const isFree = await finishLostMend(parts, target);
    const waitedMs = clock.now().getTime() - Context.current().info.scheduledTimestampMs;

    if (isFree || waitedMs < busyPatienceMs) {
      throw ApplicationFailure.retryable(error.message, error.code);
    }
  }

  return {
    applyDeployment: (of: OfDeployment) => failForGood(() => stayAlive(() => applyDeployment(of))),
    /** Once: what has succeeded was confirmed, and its revision may be forgotten by now. */
    confirmDeployment: (of: OfDeployment) =>
      failForGood(async () => {
        const { row, target } = await read(of);

        if (row.status !== 'succeeded') {
          await target.confirm(deploymentSubject(of.deploymentId));
        }
      }),
    /** Puts back what stood there before; what does not come up again is told, and does not hold up the rest. */
    restoreDeployment: (of: OfDeployment & { reason: string }) =>
      stayAlive(async () => {
        const { target } = await read(of);
        const restored = await target.restore(deploymentSubject(of.deploymentId), of.reason);

        if (restored !== null) {
          await target.watchRollout(restored, { ...watching(), timeoutMs: target.rolloutMs });
        }
      }),
    retireServices: (of: OfDeployment) =>
      failForGood(() => stayAlive(async () => retireServices(parts, of.companyId, await read(of)))),
  };
}

function failed({ outcome, reasons }: Exclude<RolloutOutcome, { outcome: 'ready' }>): ApplyAnswer {
  const says = reasons.map(({ service, says: why }) => `${service}: ${why}`).join('; ');

  return { kind: 'failed', code: /exceeded quota/.test(says) ? 'quota_exceeded' : `rollout_${outcome}`, says };
}

export type DeploymentActivities = ReturnType<typeof createDeploymentActivities>;
