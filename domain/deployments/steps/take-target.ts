import { z } from 'zod';

import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { keepPlan } from '../approve-deployment';
import { planForTarget } from '../planning/plan-for-target';
import type { SeenTarget } from '../planning/seen-target';
import type { DeploymentRow } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';
import { undoInPlace } from './end-without';

/**
 * The plan is made once more; when it is the one that was approved, and nobody else is applying, the target is the switch's.
 * @param input.says of what is open
 * @param input.prepare what is written before it is brought there
 */
export async function takeTarget(
  tx: TenantTransaction,
  row: DeploymentRow,
  input: { seen: SeenTarget; now: Date; says: string | null; prepare?(fresh: DeploymentRow): Promise<void> },
): Promise<DeploymentRow> {
  const { seen, now, says, prepare } = input;

  // Somebody else is applying: the unique index would refuse it, and the whole step would be lost.
  if (await isTargetTaken(tx, row)) {
    return row;
  }
  const today = await planForTarget(tx, seen, { ...row, closed: row.doorClosedAt === null ? [] : row.plan.closes });

  if (today.hash !== row.planHash) {
    return askAgain(tx, await keepPlan(tx, row, today, now), row, now);
  }
  const fresh = await keepPlan(tx, row, today, now);
  await prepare?.(fresh);
  const place = `is brought to ${fresh.target.context ?? fresh.target.server ?? fresh.target.kind}`;

  return moveDeployment(tx, fresh, { to: 'applying', says: says === null ? place : `${place}; ${says}`, now });
}

/** What was approved is not what would be done by now: the door opens, and the plan of today waits for a yes of its own. */
async function askAgain(
  tx: TenantTransaction,
  fresh: DeploymentRow,
  approved: DeploymentRow,
  now: Date,
): Promise<DeploymentRow> {
  await undoInPlace(tx, approved, now);

  return moveDeployment(tx, fresh, {
    to: 'awaiting_approval',
    says: 'plan_stale: the plan is another one by now; approve it again',
    set: { approvedAt: null, approvedBy: null, doorClosedAt: null },
    now,
  });
}

/** One apply per target at a time (D28), whatever companies ask. */
async function isTargetTaken(tx: TenantTransaction, row: DeploymentRow): Promise<boolean> {
  const [taken] = await tx.query(
    z.object({ is_taken: z.boolean() }),
    Prisma.sql`SELECT system.is_target_taken(${row.target.targetId}, ${row.id}::bigint) AS is_taken`,
  );

  return taken?.is_taken === true;
}
