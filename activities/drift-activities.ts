import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

import type { TargetKind } from '../domain/deployments/deployment-target-types';
import { isAsItShouldBe } from '../domain/deployments/drift/drift-rules';
import type { DriftReport } from '../domain/deployments/drift/drift-types';
import { lookForDrift, mendDrift } from '../domain/deployments/drift/look-for-drift';
import { noteDrift } from '../domain/deployments/drift/note-drift';
import type { DeploymentTargets } from '../domain/deployments/planning/plan-for-target';
import { readServicesNeededByAll } from '../domain/deployments/planning/read-planning-context';
import { AppError } from '../domain/errors';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { failForGood } from './answer-outcome';
import { finishLostMend } from './finish-lost-mend';
import { stayAlive, watching } from './stay-alive';

/** Looks at a target, and what puts it right: remote activities of k8s-generator, each safe to repeat. */
export function createDriftActivities(parts: {
  database: Database;
  clock: Clock;
  targets: DeploymentTargets;
  temporal: Client;
}) {
  const { database, clock, targets } = parts;

  /** A look that counts: what it found is kept, and told where it is new. */
  async function lookAndNote(kind: TargetKind): Promise<DriftReport> {
    const lookedAt = clock.now();
    const target = await targets(kind);
    await finishLostMend(parts, target);
    const report = await lookForDrift(target, await readServicesNeededByAll(database));
    await noteDrift(database, { report, targetId: (await target.describe()).targetId, lookedAt });

    return report;
  }

  /** By another look, for only a part may have been put right, or nothing. What keeps it from that, the next look mends. */
  async function noteWhatIsLeft(kind: TargetKind): Promise<void> {
    try {
      await lookAndNote(kind);
    } catch (error) {
      log.warn('what is left of the drift was not noted', { target: kind, error });
    }
  }

  return {
    /** @param input.isNoted whether it is kept and told; who only asks changes nothing */
    lookForDrift: ({ kind, isNoted = false }: { kind: TargetKind; isNoted?: boolean }): Promise<DriftReport> =>
      failForGood(() =>
        stayAlive(async () => {
          const report = isNoted
            ? await lookAndNote(kind)
            : await lookForDrift(await targets(kind), await readServicesNeededByAll(database));

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
            await noteWhatIsLeft(kind);
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
