import { Prisma, type TenantSql } from '../../../platform/db/database';
import { appendEvents } from '../../events/append-events';
import type { EventType } from '../../events/event-types';
import { type DeploymentRow, readDeployment } from './deployment-row';
import { type DeploymentStatus, deploymentSubject, isOver } from './deployment-status-rules';

/** Columns that a step sets beside the status. */
export interface DeploymentChanges {
  approvedAt?: Date | null;
  approvedBy?: number | null;
  cancelAskedAt?: Date;
  doorClosedAt?: Date | null;
  committedAt?: Date;
  retiring?: readonly string[];
  outcomeCode?: string;
  outcome?: string;
}

const told: Readonly<Partial<Record<DeploymentStatus, EventType>>> = {
  applying: 'k8s.deployment.requests',
  succeeded: 'k8s.deployment.succeeded',
  rolled_back: 'k8s.deployment.rolled_back',
  failed: 'k8s.deployment.failed',
};

/**
 * Moves a deployment that is locked, and notes what happened for whoever watches.
 * @param input.says one line, for people
 * @param input.event beside that of the status
 */
export async function moveDeployment(
  tx: TenantSql,
  row: DeploymentRow,
  input: { to: DeploymentStatus; says: string; set?: DeploymentChanges; event?: EventType; now: Date },
): Promise<DeploymentRow> {
  const { to, says, set = {}, event, now } = input;
  const next = { ...row, ...set };
  const step = JSON.stringify([{ at: now.toISOString(), status: to, says }]);
  await tx.write(Prisma.sql`
      UPDATE platform.deployments
         SET status = ${to}, approved_at = ${next.approvedAt}::timestamptz, approved_by = ${next.approvedBy}::bigint,
             cancel_asked_at = ${next.cancelAskedAt}::timestamptz, door_closed_at = ${next.doorClosedAt}::timestamptz,
             committed_at = ${next.committedAt}::timestamptz, retiring = ${[...next.retiring]}::text[], outcome_code = ${next.outcomeCode},
             outcome = ${next.outcome}, steps = steps || ${step}::jsonb, ended_at = ${isOver(to) ? now : null}::timestamptz,
             updated_at = ${now}::timestamptz
       WHERE company_id = ${tx.companyId}::bigint AND id = ${row.id}::bigint`);
  const after = await readDeployment(tx, row.id);
  const types = [...(event === undefined ? [] : [event]), ...(to === row.status ? [] : [told[to]])];
  const events = types.flatMap((type) => (type === undefined ? [] : [{ type, payload: deploymentPayload(after) }]));

  if (events.length > 0) {
    await appendEvents(tx, { subject: deploymentSubject(row.id), events, now });
  }

  return after;
}

/** What every event of a deployment says; of `k8s.deployment.requests` the changeset is what is to be applied (S56). */
export function deploymentPayload(row: DeploymentRow): Record<string, unknown> {
  const { id, status, target, revision, plan, planHash, rollbackOf, outcomeCode, outcome } = row;
  const { kind, targetId } = target;

  return {
    id,
    status,
    target: kind,
    targetId,
    revision,
    changeset: plan.changeset,
    planHash,
    rollbackOf,
    outcomeCode,
    outcome,
  };
}
