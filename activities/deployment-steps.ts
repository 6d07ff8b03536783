import { ApplicationFailure } from '@temporalio/common';

import { approveDeployment } from '../domain/deployments/approve-deployment';
import { cancelDeployment } from '../domain/deployments/cancel-deployment';
import type { DeploymentTargets } from '../domain/deployments/planning/plan-for-target';
import { seeTarget } from '../domain/deployments/planning/seen-target';
import { type DeploymentRow, readDeployment } from '../domain/deployments/row/deployment-row';
import { commitSwitch, noteApplied } from '../domain/deployments/steps/commit-switch';
import { noteRetired } from '../domain/deployments/steps/note-retired';
import { failSwitch, noteRestored } from '../domain/deployments/steps/roll-back';
import { looksAtTarget, runStep } from '../domain/deployments/steps/run-step';
import type { Clock } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Database, TenantTransaction } from '../platform/db/database';
import { databaseFailure } from '../platform/db/database-failure';
import { failForGood } from './answer-outcome';
import { type DeploymentStanding, standingOf } from './deployment-standing';

export interface OfDeployment {
  companyId: number;
  deploymentId: number;
}

/** Steps of a switch in the database: local activities of llm-orchestrator, each one transaction. */
export function createDeploymentSteps(parts: {
  config: Pick<Config, 'SMOKE_CHECK'>;
  database: Database;
  clock: Clock;
  targets: DeploymentTargets;
}) {
  const { config, database, clock, targets } = parts;
  const standing = (row: DeploymentRow) => standingOf(row, config.SMOKE_CHECK);
  const step = ({ companyId }: OfDeployment, work: (tx: TenantTransaction) => Promise<DeploymentRow>) =>
    failForGood(async () => {
      try {
        return standing(await database.withTenant(companyId, work));
      } catch (error) {
        // Two that take the target at once: one finds it taken when it looks again.
        if (databaseFailure(error)?.kind === 'unique') {
          throw ApplicationFailure.retryable('The target was taken a moment before.');
        }
        throw error;
      }
    });
  const read = ({ companyId, deploymentId }: OfDeployment): Promise<DeploymentRow> =>
    database.withTenantSql(companyId, (tx) => readDeployment(tx, deploymentId));
  const see = async ({ target }: DeploymentRow) => seeTarget(await targets(target.kind));

  return {
    /** Takes the next step there is. */
    advanceDeployment: async (of: OfDeployment): Promise<DeploymentStanding> => {
      const seen = await failForGood(async () => {
        const row = await read(of);

        return looksAtTarget(row) ? see(row) : null;
      });

      return step(of, (tx) => runStep(tx, { id: of.deploymentId, seen, now: clock.now() }));
    },
    /** In the name of somebody at a terminal. */
    approveDeployment: (of: OfDeployment & { planHash: string | null }): Promise<DeploymentStanding> =>
      failForGood(async () => {
        const seen = await see(await read(of));
        const { row, stale } = await database.withTenant(of.companyId, (tx) =>
          approveDeployment(tx, seen, {
            id: of.deploymentId,
            planHash: of.planHash ?? undefined,
            by: null,
            now: clock.now(),
          }),
        );

        if (stale !== null) {
          throw stale;
        }

        return standing(row);
      }),
    cancelDeployment: (of: OfDeployment): Promise<DeploymentStanding> =>
      step(of, (tx) => cancelDeployment(tx, { id: of.deploymentId, now: clock.now() })),
    noteApplied: (of: OfDeployment & { revision: number; told?: string[] }): Promise<DeploymentStanding> =>
      step(of, (tx) =>
        noteApplied(tx, { id: of.deploymentId, revision: of.revision, told: of.told ?? [], now: clock.now() }),
      ),
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
