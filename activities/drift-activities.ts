import { log } from '@temporalio/activity';

import type { TargetKind } from '../domain/deployments/deployment-target-types';
import { isAsItShouldBe } from '../domain/deployments/drift/drift-rules';
import type { DriftReport } from '../domain/deployments/drift/drift-types';
import { lookForDrift, mendDrift } from '../domain/deployments/drift/look-for-drift';
import type { DeploymentTargets } from '../domain/deployments/planning/plan-for-target';
import { readServicesNeededByAll } from '../domain/deployments/planning/read-planning-context';
import { AppError } from '../domain/errors';
import type { Database } from '../platform/db/database';
import { failForGood } from './answer-outcome';
import { stayAlive, watching } from './stay-alive';

/** Looks at a target, and what puts it right: remote activities of k8s-generator, each safe to repeat. */
export function createDriftActivities({ database, targets }: { database: Database; targets: DeploymentTargets }) {
  return {
    lookForDrift: ({ kind }: { kind: TargetKind }): Promise<DriftReport> =>
      failForGood(() =>
        stayAlive(async () => {
          const report = await lookForDrift(await targets(kind), await readServicesNeededByAll(database));

          if (!isAsItShouldBe(report)) {
            log.warn('the target is not as it was deployed', { target: kind, drift: report.says });
          }

          return report;
        }),
      ),
    mendDrift: (input: { kind: TargetKind; key: string; isNeededOnly: boolean }): Promise<DriftReport> =>
      failForGood(() =>
        stayAlive(async () => {
          const { kind, key, isNeededOnly } = input;
          const [target, needed] = [await targets(kind), await readServicesNeededByAll(database)];

          try {
            const report = await mendDrift(target, { key, needed, isNeededOnly, watching: watching() });
            log.info('the target was put right', { target: kind, outcome: report.outcome, drift: report.says });

            return report;
          } catch (error) {
            // Whoever is at it brings everything there that it needs; the next look sees the rest.
            if (error instanceof AppError && error.code === 'target_busy') {
              return { ...(await lookForDrift(target, needed)), isBusy: true };
            }
            throw error;
          }
        }),
      ),
  };
}

export type DriftActivities = ReturnType<typeof createDriftActivities>;
