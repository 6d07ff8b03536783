import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { planForTarget, type PlannedSwitch } from './planning/plan-for-target';
import type { SeenTarget } from './planning/seen-target';
import { sumOfWork } from './planning/switch-plan-rules';
import { type DeploymentRow, lockDeployment, readDeployment } from './row/deployment-row';
import { moveDeployment } from './row/move-deployment';

/** Who says yes. Null in its place: somebody at a terminal, who runs the installation. */
export interface Approver {
  userId: number;
  /** May stop what other companies might miss (D28). */
  isOperator: boolean;
}

/**
 * Says yes to a switch whose plan is still the one that was shown. Again is no change.
 * @param input.planHash of the plan that was shown; absent: the one that the row holds
 * @throws AppError not_found; deployment_state when it is over or under way; plan_stale with the plan of today, which the row
 *   holds then; forbidden; work_open
 */
export async function approveDeployment(
  tx: TenantSql,
  target: SeenTarget,
  input: { id: number; planHash: string | undefined; by: Approver | null; now: Date },
): Promise<{ row: DeploymentRow; stale: AppError | null }> {
  const { id, by, now } = input;
  const row = await lockDeployment(tx, id);
  const isOpen = row.status === 'planned' || row.status === 'awaiting_approval';

  if (row.approvedAt !== null && (input.planHash ?? row.planHash) === row.planHash) {
    return { row, stale: null };
  }

  if (!isOpen || row.approvedAt !== null) {
    throw new AppError('deployment_state', {
      detail: `The switch is ${row.status}${row.approvedAt === null ? '' : ', approved with another plan'}.`,
      params: { state: row.status },
    });
  }

  if (row.expiresAt <= now) {
    throw new AppError('deployment_state', { detail: 'The time to approve it is over.', params: { state: 'expired' } });
  }
  const today = await planForTarget(tx, target, row);
  const fresh = await keepPlan(tx, row, today, now);
  const planHash = input.planHash ?? row.planHash;

  // Returned and not thrown, so that the row keeps the plan of today.
  return planHash === today.hash
    ? { row: await approvePlanned(tx, fresh, { planHash, by, now }), stale: null }
    : { row: fresh, stale: planStale(fresh) };
}

/** Approves a plan that was just made. @throws AppError plan_stale, forbidden, work_open */
export async function approvePlanned(
  tx: TenantSql,
  row: DeploymentRow,
  { planHash, by, now }: { planHash: string; by: Approver | null; now: Date },
): Promise<DeploymentRow> {
  const { plan } = row;

  if (planHash !== row.planHash) {
    throw planStale(row);
  }

  if (by?.isOperator === false && plan.companies > 1 && plan.stops.length > 0) {
    throw new AppError('forbidden', {
      detail: `This stops ${plan.stops.join(', ')} of an installation with ${plan.companies} companies: a super_admin has to approve it.`,
    });
  }

  if (row.drain === 'refuse' && sumOfWork(plan.openWork) > 0) {
    throw new AppError('work_open', { params: { openWork: plan.openWork } });
  }

  return moveDeployment(tx, row, {
    to: row.status,
    says: by === null ? 'approved at a terminal' : `approved by user ${by.userId}`,
    set: { approvedAt: now, approvedBy: by?.userId ?? null },
    event: 'model_switch.approved',
    now,
  });
}

/** The row holds the plan of today, so that what is shown next can be approved. */
export async function keepPlan(
  tx: TenantSql,
  row: DeploymentRow,
  { plan, hash, target }: PlannedSwitch,
  now: Date,
): Promise<DeploymentRow> {
  await tx.write(Prisma.sql`UPDATE platform.deployments SET plan = ${JSON.stringify(plan)}::jsonb, plan_hash = ${hash}, target = ${JSON.stringify(target)}::jsonb,
                      target_id = ${target.targetId}, updated_at = ${now}::timestamptz
                WHERE company_id = ${tx.companyId}::bigint AND id = ${row.id}::bigint`);

  return readDeployment(tx, row.id);
}

const planStale = ({ id, planHash }: DeploymentRow): AppError =>
  new AppError('plan_stale', { params: { deploymentId: id, planHash } });
