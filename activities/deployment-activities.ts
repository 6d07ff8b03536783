import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { countRunning } from '../clients/task-queue-client';
import { approveDeployment } from '../domain/deployments/approve-deployment';
import { cancelDeployment } from '../domain/deployments/cancel-deployment';
import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import type { Watching } from '../domain/deployments/deployment-target';
import { readLocalStates } from '../domain/deployments/local/local-revisions';
import {
  type DeploymentTargets,
  servicesToApply,
  wantedServices,
} from '../domain/deployments/planning/plan-for-target';
import { readOpenWork, readPlanningContext } from '../domain/deployments/planning/read-planning-context';
import { servicesOf } from '../domain/deployments/planning/service-matrix-rules';
import { type DeploymentRow, readDeployment } from '../domain/deployments/row/deployment-row';
import { type DeploymentStatus, deploymentSubject } from '../domain/deployments/row/deployment-status-rules';
import {
  commitSwitch,
  failSwitch,
  noteApplied,
  noteRestored,
  noteRetired,
  runStep,
} from '../domain/deployments/steps/run-step';
import { AppError } from '../domain/errors';
import type { Clock } from '../platform/clock';
import type { Database, TenantTransaction } from '../platform/db/database';
import { databaseFailure } from '../platform/db/database-failure';
import { failForGood } from './answer-outcome';

interface OfDeployment {
  companyId: number;
  deploymentId: number;
}

/** Where a switch stands, as its workflow needs it. Instants in epoch milliseconds. */
export interface DeploymentStanding {
  status: DeploymentStatus;
  from: string;
  to: string;
  planHash: string;
  target: string;
  isApproved: boolean;
  isCancelAsked: boolean;
  isCommitted: boolean;
  expiresAt: number;
  doorClosedAt: number | null;
  /** Services that begin, to be asked whether they answer. */
  started: string[];
  retiring: string[];
  /** What happened last, in a line, and all of it. */
  says: string;
  story: string[];
}

/** How long a service may take to be ready. Milliseconds. */
const rolloutMs = 30_000;
const heartbeatEveryMs = 2_000;

/** API processes remember for two seconds that a door was open: no service is stopped before they have noticed. */
const doorNoticedMs = 2_500;

function standingOf(row: DeploymentRow): DeploymentStanding {
  const { plan, steps } = row;

  return {
    status: row.status,
    from: plan.from,
    to: plan.to,
    planHash: row.planHash,
    target: row.target.kind,
    isApproved: row.approvedAt !== null,
    isCancelAsked: row.cancelAskedAt !== null,
    isCommitted: row.committedAt !== null,
    expiresAt: row.expiresAt.getTime(),
    doorClosedAt: row.doorClosedAt?.getTime() ?? null,
    started: row.target.kind === 'local' ? servicesToApply(plan) : [],
    retiring: row.retiring,
    says: steps.at(-1)?.says ?? row.status,
    story: steps.slice(-15).map(({ at, says }) => `${at.slice(11, 19)}Z ${says}`),
  };
}

/** Steps of a switch in the database: local activities of llm-orchestrator, each one transaction. */
export function createDeploymentSteps(parts: { database: Database; clock: Clock; targets: DeploymentTargets }) {
  const { database, clock, targets } = parts;
  const step = ({ companyId }: OfDeployment, work: (tx: TenantTransaction) => Promise<DeploymentRow>) =>
    failForGood(async () => {
      try {
        return standingOf(await database.withTenant(companyId, work));
      } catch (error) {
        // Two that take the target at once: one finds it taken when it looks again.
        if (databaseFailure(error)?.kind === 'unique') {
          throw ApplicationFailure.retryable('The target was taken a moment before.');
        }
        throw error;
      }
    });
  const targetOf = async ({ companyId, deploymentId }: OfDeployment): Promise<DeploymentTarget> => {
    const row = await database.withTenantSql(companyId, (tx) => readDeployment(tx, deploymentId));

    return targets(row.target.kind);
  };

  return {
    /** Takes the next step there is. */
    advanceDeployment: async (of: OfDeployment): Promise<DeploymentStanding> => {
      const target = await targetOf(of);

      return step(of, (tx) => runStep(tx, { id: of.deploymentId, target, now: clock.now() }));
    },
    /** In the name of somebody at a terminal. */
    approveDeployment: async (of: OfDeployment & { planHash: string | null }): Promise<DeploymentStanding> => {
      const target = await targetOf(of);
      const answer = await failForGood(() =>
        database.withTenant(of.companyId, (tx) =>
          approveDeployment(tx, target, {
            id: of.deploymentId,
            planHash: of.planHash ?? undefined,
            by: null,
            now: clock.now(),
          }),
        ),
      );

      return failForGood(async () => {
        if (answer.stale !== null) {
          throw answer.stale;
        }

        return standingOf(answer.row);
      });
    },
    cancelDeployment: (of: OfDeployment): Promise<DeploymentStanding> =>
      step(of, (tx) => cancelDeployment(tx, { id: of.deploymentId, now: clock.now() })),
    noteApplied: (of: OfDeployment & { revision: number }): Promise<DeploymentStanding> =>
      step(of, (tx) => noteApplied(tx, { id: of.deploymentId, revision: of.revision, now: clock.now() })),
    commitSwitch: (of: OfDeployment): Promise<DeploymentStanding> =>
      step(of, (tx) => commitSwitch(tx, { id: of.deploymentId, now: clock.now() })),
    failSwitch: (of: OfDeployment & { code: string; says: string }): Promise<DeploymentStanding> =>
      step(of, (tx) => failSwitch(tx, { id: of.deploymentId, code: of.code, says: of.says, now: clock.now() })),
    noteRestored: (of: OfDeployment): Promise<DeploymentStanding> =>
      step(of, (tx) => noteRestored(tx, { id: of.deploymentId, now: clock.now() })),
    noteRetired: (of: OfDeployment & { left: string[] }): Promise<DeploymentStanding> =>
      step(of, (tx) => noteRetired(tx, { id: of.deploymentId, left: of.left, now: clock.now() })),
  };
}

export type DeploymentSteps = ReturnType<typeof createDeploymentSteps>;

/** What was applied, or why it was not. */
export type ApplyAnswer = { kind: 'ready'; revision: number } | { kind: 'failed'; code: string; says: string };

/** What leaves the process for the target: remote activities of k8s-generator, each safe to repeat. */
export function createDeploymentActivities(parts: {
  database: Database;
  clock: Clock;
  targets: DeploymentTargets;
  temporal: Client;
}) {
  const { database, clock, targets, temporal } = parts;
  const read = ({ companyId, deploymentId }: OfDeployment) =>
    database.withTenantSql(companyId, (tx) => readDeployment(tx, deploymentId));

  /** Applies what begins and changes, and waits until it serves. What a target refuses for good is an answer. */
  async function applyDeployment(of: OfDeployment): Promise<ApplyAnswer> {
    const row = await read(of);
    const target = targets(row.target.kind);

    try {
      const release = await target.render(wantedServices(row.plan, 'running'));
      await target.dryRun(release);
      const applied = await target.apply({
        release,
        key: deploymentSubject(row.id),
        approved: row.target,
        only: servicesToApply(row.plan),
      });
      const outcome = await target.watchRollout(applied, { ...watching(), timeoutMs: rolloutMs });

      return outcome.outcome === 'ready'
        ? { kind: 'ready', revision: applied.revision }
        : {
            kind: 'failed',
            code: `rollout_${outcome.outcome}`,
            says: outcome.reasons.map(({ service, says }) => `${service}: ${says}`).join('; '),
          };
    } catch (error) {
      if (error instanceof AppError && error.status < 500 && error.code !== 'target_busy') {
        return { kind: 'failed', code: error.code, says: error.message };
      }
      throw error;
    }
  }

  /**
   * Stops what nobody needs and nothing is open of; what a company needs again is not ours to stop any more.
   * @returns what is still to be stopped; `isSoon`: part of it waits for requests that saw the door open, and for nothing else
   */
  async function retireServices(of: OfDeployment): Promise<{ left: string[]; isSoon: boolean }> {
    const row = await read(of);
    const target = targets(row.target.kind);
    const left: string[] = [];
    let isSoon = false;

    for (const service of row.retiring) {
      Context.current().heartbeat();
      const state = await retirementOf(of, row, service);

      if (state === 'busy' || state === 'soon_idle') {
        left.push(service);
        isSoon ||= state === 'soon_idle';
      } else if (state === 'idle' && !(await stop(target, row, service))) {
        left.push(service);
      }
    }

    return { left, isSoon };
  }

  async function retirementOf(
    { companyId }: OfDeployment,
    { target, doorClosedAt }: DeploymentRow,
    service: string,
  ): Promise<'busy' | 'soon_idle' | 'idle' | 'needed'> {
    const isRetiring =
      target.kind !== 'local' ||
      (await readLocalStates(database)).some((one) => one.service === service && one.state === 'retiring');
    const needs = await database.withTenantSql(companyId, (tx) => readPlanningContext(tx));
    const isNeeded = [needs.company, ...needs.others].some(({ businessModel }) =>
      servicesOf(businessModel).includes(service),
    );

    if (!isRetiring || isNeeded) {
      return 'needed';
    }
    const { openWork } = await database.withTenantSql(companyId, readOpenWork);
    const mayBeSent = clock.now().getTime() < (doorClosedAt?.getTime() ?? 0) + doorNoticedMs;

    if ((openWork[service] ?? 0) > 0) {
      return 'busy';
    }

    return mayBeSent || (await countRunning(temporal, service)) > 0 ? 'soon_idle' : 'idle';
  }

  /** @returns false while somebody else is applying */
  async function stop(target: DeploymentTarget, row: DeploymentRow, service: string): Promise<boolean> {
    const key = `${deploymentSubject(row.id)}/stop/${service}`;
    const services = wantedServices(row.plan, 'stopped').filter((one) => one.service === service);

    try {
      const release = await target.render(services);
      const applied = await target.apply({ release, key, approved: row.target, only: [service] });
      await target.watchRollout(applied, { ...watching(), timeoutMs: rolloutMs });
      await target.confirm(key);

      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'deployment_state') {
        return true;
      }

      if (error instanceof AppError && error.code === 'target_busy') {
        return false;
      }
      throw error;
    }
  }

  return {
    applyDeployment: (of: OfDeployment) => alive(() => failForGood(() => applyDeployment(of))),
    confirmDeployment: (of: OfDeployment) =>
      failForGood(async () => targets((await read(of)).target.kind).confirm(deploymentSubject(of.deploymentId))),
    /** Puts back what stood there before; what does not come up again is told, and does not hold up the rest. */
    restoreDeployment: (of: OfDeployment & { reason: string }) =>
      alive(async () => {
        const target = targets((await read(of)).target.kind);
        const restored = await target.restore(deploymentSubject(of.deploymentId), of.reason);

        if (restored !== null) {
          await target.watchRollout(restored, { ...watching(), timeoutMs: rolloutMs });
        }
      }),
    retireServices: (of: OfDeployment) => alive(() => failForGood(() => retireServices(of))),
  };
}

export type DeploymentActivities = ReturnType<typeof createDeploymentActivities>;

const watching = (): Watching => {
  const { cancellationSignal } = Context.current();

  return { signal: cancellationSignal, onProgress: (progress) => Context.current().heartbeat(progress) };
};

/** A worker that is gone is missed after the heartbeat timeout, whatever the target does meanwhile. */
async function alive<Value>(work: () => Promise<Value>): Promise<Value> {
  const beat = setInterval(() => Context.current().heartbeat(), heartbeatEveryMs);

  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
