import { z } from 'zod';

import { dbNothing } from '../../../platform/db/columns';
import { Prisma, type TenantTransaction } from '../../../platform/db/database';
import { readModel, setDoors, setModel } from '../../companies/model-of-company';
import { AppError } from '../../errors';
import { keepPlan } from '../approve-deployment';
import type { DeploymentTarget } from '../deployment-target';
import { planForTarget } from '../planning/plan-for-target';
import { readPlanningContext } from '../planning/read-planning-context';
import { planSwitch, sumOfWork, withDoorsClosed } from '../planning/switch-plan-rules';
import { type DeploymentRow, lockDeployment } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';
import { endWithout, undoInPlace } from './end-without';
import { activateDrafts, writeDrafts } from './switch-drafts';

interface Step {
  id: number;
  target: DeploymentTarget;
  now: Date;
}

/**
 * Takes the next step of a switch that waits for nobody outside: one transaction, decided by the row, so that a repeat after
 * a crash takes the step after it. Where there is none to take, the row is answered as it is.
 */
export async function runStep(tx: TenantTransaction, step: Step): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, step.id);

  switch (row.status) {
    case 'planned':
      return moveDeployment(tx, row, { to: 'awaiting_approval', says: 'waits for approval', now: step.now });
    case 'awaiting_approval':
      return row.approvedAt === null ? expireWhenDue(tx, row, step.now) : closeDoor(tx, row, step);
    case 'draining':
      return drain(tx, row, step);
    default:
      return row;
  }
}

async function expireWhenDue(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<DeploymentRow> {
  return row.expiresAt > now
    ? row
    : endWithout(tx, row, { to: 'expired', code: 'expired', says: 'nobody approved it in time', now });
}

/** The company stops accepting what ends (D29); reads, payments, shipping, refunds and renewals go on. */
async function closeDoor(tx: TenantTransaction, row: DeploymentRow, step: Step): Promise<DeploymentRow> {
  const { now } = step;
  const { doors } = await readModel(tx, { isHeld: true });
  const closed = withDoorsClosed(doors, row.plan.closes);
  await setDoors(tx, {
    doors: { orders: closed.orders, subscriptions: closed.subscriptions, addons: closed.addons },
    now,
  });

  return moveDeployment(tx, row, {
    to: 'draining',
    says: row.plan.closes.length === 0 ? 'nothing ends' : `no new ${row.plan.closes.join(', ')} from now on`,
    set: { doorClosedAt: now },
    now,
  });
}

/** Counts what is open, now that nothing comes; then makes the drafts, and takes the target. */
async function drain(tx: TenantTransaction, row: DeploymentRow, step: Step): Promise<DeploymentRow> {
  const { now } = step;
  const { openWork } = planSwitchOrNothing(row, await readPlanningContext(tx)) ?? row.plan;
  const open = sumOfWork(openWork);

  if (open > 0 && row.drain === 'refuse') {
    const says = `refused: ${open} orders or subscriptions are open`;

    return endWithout(tx, row, { to: 'failed', code: 'work_open', says, now });
  }

  if (open > 0 && row.drain === 'wait') {
    const until = (row.doorClosedAt ?? now).getTime() + (row.drainMinutes ?? 0) * 60_000;

    return now.getTime() < until
      ? row
      : endWithout(tx, row, {
          to: 'failed',
          code: 'drain_deadline',
          says: `${open} orders or subscriptions were still open after ${row.drainMinutes} minutes`,
          now,
        });
  }

  // Somebody else is applying: the unique index would refuse it, and the whole step would be lost.
  if (await isTargetTaken(tx, row)) {
    return row;
  }
  const today = await planForTarget(tx, step.target, { ...row, closed: row.plan.closes });

  if (today.hash !== row.planHash) {
    return askAgain(tx, await keepPlan(tx, row, today, now), row, now);
  }
  const fresh = await keepPlan(tx, row, today, now);
  await writeDrafts(tx, fresh, now);
  const at = open === 0 ? 'nothing of what ends is open' : `${open} go on to their end`;

  return moveDeployment(tx, fresh, { to: 'applying', says: `is brought to ${fresh.target.kind}; ${at}`, now });
}

function planSwitchOrNothing(row: DeploymentRow, context: Parameters<typeof planSwitch>[1]) {
  try {
    return planSwitch(row.intent, context);
  } catch (error) {
    if (error instanceof AppError) {
      return null;
    }
    throw error;
  }
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

/** What was applied serves: it is checked from outside now. A cancellation that came meanwhile has it put back. */
export async function noteApplied(
  tx: TenantTransaction,
  { id, revision, now }: { id: number; revision: number; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.status !== 'applying') {
    return row;
  }
  await tx.query(
    dbNothing,
    Prisma.sql`UPDATE platform.deployments SET revision = ${revision}::int WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint`,
  );

  return row.cancelAskedAt === null
    ? moveDeployment(tx, row, {
        to: 'verifying',
        says: 'every service is ready; each is asked whether it answers',
        now,
      })
    : beginRollback(tx, row, { code: 'cancelled', says: 'cancelled', now });
}

/**
 * The commit point (D30): model, doors, settings and catalogue change together, or a cancellation that came first has
 * everything put back. What ends retires: it finishes what is open.
 */
export async function commitSwitch(
  tx: TenantTransaction,
  { id, now }: { id: number; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.status !== 'verifying' || row.committedAt !== null) {
    return row;
  }

  if (row.cancelAskedAt !== null) {
    return beginRollback(tx, row, { code: 'cancelled', says: 'cancelled', now });
  }
  const { plan } = row;
  const { orders = true, subscriptions = true, addons = true } = plan.doors;
  await activateDrafts(tx, row, now);
  await setModel(tx, {
    businessModel: plan.to,
    doors: { orders, subscriptions, addons },
    settings: plan.settings,
    now,
  });

  if (row.target.kind === 'local') {
    await tx.query(
      dbNothing,
      Prisma.sql`UPDATE platform.service_state SET state = 'retiring', updated_at = ${now}::timestamptz
                  WHERE service = ANY(${plan.stops}::text[]) AND state = 'running'`,
    );
  }

  return moveDeployment(tx, row, {
    to: 'verifying',
    says: `the business is ${plan.to} from now on`,
    set: { committedAt: now, retiring: plan.stops },
    event: 'model.switched',
    now,
  });
}

/** Where it went wrong, everything is put back. */
export async function failSwitch(
  tx: TenantTransaction,
  { id, code, says, now }: { id: number; code: string; says: string; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  return (row.status === 'applying' || row.status === 'verifying') && row.committedAt === null
    ? beginRollback(
        tx,
        row,
        row.cancelAskedAt === null ? { code, says, now } : { code: 'cancelled', says: 'cancelled', now },
      )
    : row;
}

const beginRollback = (
  tx: TenantTransaction,
  row: DeploymentRow,
  { code, says, now }: { code: string; says: string; now: Date },
): Promise<DeploymentRow> =>
  moveDeployment(tx, row, {
    to: 'rolling_back',
    says: `is put back: ${says}`,
    set: { outcomeCode: code, outcome: says },
    now,
  });

/** What was applied is put back: the door opens, the drafts are withdrawn. */
export async function noteRestored(
  tx: TenantTransaction,
  { id, now }: { id: number; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  return row.status === 'rolling_back'
    ? endWithout(tx, row, {
        to: 'rolled_back',
        code: row.outcomeCode ?? 'internal',
        says: row.outcome ?? 'rolled back',
        now,
      })
    : row;
}

/** What retires is stopped, or goes on beside a switch that has succeeded. */
export async function noteRetired(
  tx: TenantTransaction,
  { id, left, now }: { id: number; left: readonly string[]; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.committedAt === null) {
    return row;
  }
  const ended = row.retiring.filter((service) => !left.includes(service));

  if (row.status === 'succeeded' && ended.length === 0) {
    return row;
  }

  return moveDeployment(tx, row, {
    to: 'succeeded',
    says: [
      ...(row.status === 'succeeded' ? [] : ['succeeded']),
      ...(ended.length === 0 ? [] : [`${ended.join(', ')} retired`]),
      ...(left.length === 0 ? [] : [`${left.join(', ')} finish what is open`]),
    ].join('; '),
    set: { retiring: left },
    now,
  });
}
