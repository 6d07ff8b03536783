import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import type { Intent } from '../intents/intent-types';
import { approvePlanned, type Approver } from './approve-deployment';
import { planForTarget } from './planning/plan-for-target';
import type { SeenTarget } from './planning/seen-target';
import type { Drain } from './planning/switch-plan-types';
import { type DeploymentRow, findDeployment, readDeployment } from './row/deployment-row';
import { deploymentSubject } from './row/deployment-status-rules';
import { deploymentPayload } from './row/move-deployment';

/** A switch that is asked for waits so long for its approval. Minutes. */
const approvalWithinMinutes = 60;

export interface NewDeployment {
  id: number;
  intent: Intent;
  sentence: string | null;
  drain: Drain;
  /** How long `wait` waits. */
  drainMinutes: number | null;
  expiresInMinutes?: number | undefined;
  rollbackOf: number | null;
  /** A plan that was seen already, by its hash: approved as it is asked for. */
  planHash?: string | undefined;
}

/**
 * Plans a switch and writes it down, approved where its plan was seen already. A repeat with the same id is the same switch.
 * @throws AppError of the planning and of the approval; deployment_state while another switch of the company is under way
 */
export async function createDeployment(
  tx: TenantSql,
  target: SeenTarget,
  { request, by, now }: { request: NewDeployment; by: Approver | null; now: Date },
): Promise<DeploymentRow> {
  const { id, intent, sentence, drain, rollbackOf } = request;
  const known = await findDeployment(tx, id);

  if (known !== null) {
    return known;
  }
  const { plan, hash, target: description } = await planForTarget(tx, target, { intent, drain });
  const expiresAt = new Date(now.getTime() + (request.expiresInMinutes ?? approvalWithinMinutes) * 60_000);
  const steps = [{ at: now.toISOString(), status: 'planned', says: `planned: ${plan.from} to ${plan.to}` }];
  const [made] = await tx.query(
    z.object({ id: dbInteger }),
    Prisma.sql`
      INSERT INTO platform.deployments (id, company_id, status, target, target_id, drain, drain_minutes, sentence, intent, plan, plan_hash, rollback_of,
                                        user_id, expires_at, steps, created_at, updated_at)
      VALUES (${id}::bigint, ${tx.companyId}::bigint, 'planned', ${JSON.stringify(description)}::jsonb, ${description.targetId}, ${drain},
              ${drain === 'wait' ? (request.drainMinutes ?? 60) : null}::int, ${sentence}::text, ${JSON.stringify(intent)}::jsonb, ${JSON.stringify(plan)}::jsonb, ${hash},
              ${rollbackOf}::bigint, ${by?.userId ?? null}::bigint, ${expiresAt}::timestamptz, ${JSON.stringify(steps)}::jsonb, ${now}::timestamptz, ${now}::timestamptz)
      ON CONFLICT (company_id) WHERE status IN ('planned', 'awaiting_approval', 'draining', 'applying', 'verifying', 'rolling_back')
      DO NOTHING RETURNING id`,
  );

  if (made === undefined) {
    throw await otherUnderWay(tx);
  }
  const row = await readDeployment(tx, id);
  await appendEvents(tx, {
    subject: deploymentSubject(id),
    events: [{ type: 'model_switch.planned', payload: deploymentPayload(row) }],
    now,
  });

  return request.planHash === undefined ? row : approvePlanned(tx, row, { planHash: request.planHash, by, now });
}

async function otherUnderWay(tx: TenantSql): Promise<AppError> {
  const [other] = await tx.query(
    z.object({ id: dbInteger, status: z.string() }),
    Prisma.sql`SELECT id, status FROM platform.deployments WHERE company_id = ${tx.companyId}::bigint AND ended_at IS NULL LIMIT 1`,
  );

  return new AppError('deployment_state', {
    detail: `Switch ${other?.id ?? ''} of this company is under way (${other?.status ?? 'just ending'}). Wait until it is over, or cancel it.`,
    params: { deploymentId: other?.id ?? null, state: other?.status ?? null },
  });
}
