import { z } from 'zod';

import { dbInstant, dbInteger } from '../../../platform/db/columns';
import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { intent } from '../../intents/intent-types';
import { drains, switchPlan } from '../planning/switch-plan-types';
import { deploymentStatuses } from './deployment-status-rules';

const targetDescription = z.object({
  kind: z.enum(['local', 'kubernetes', 'directory']),
  targetId: z.string(),
  context: z.string().nullable(),
  server: z.string().nullable(),
  clusterId: z.string().nullable(),
});

/** Ids of what a switch has made and not yet put on sale. */
export const switchDrafts = z.object({
  plans: z.array(z.int()),
  addons: z.array(z.int()),
  promotions: z.array(z.int()),
});

export const DeploymentRow = z.object({
  id: dbInteger,
  status: z.enum(deploymentStatuses),
  target: targetDescription,
  drain: z.enum(drains),
  drainMinutes: z.int().nullable(),
  sentence: z.string().nullable(),
  intent,
  plan: switchPlan,
  planHash: z.string(),
  rollbackOf: dbInteger.nullable(),
  userId: dbInteger.nullable(),
  approvedAt: dbInstant.nullable(),
  approvedBy: dbInteger.nullable(),
  expiresAt: dbInstant,
  cancelAskedAt: dbInstant.nullable(),
  doorClosedAt: dbInstant.nullable(),
  drafts: switchDrafts.nullable(),
  committedAt: dbInstant.nullable(),
  revision: z.int().nullable(),
  retiring: z.array(z.string()),
  outcomeCode: z.string().nullable(),
  outcome: z.string().nullable(),
  steps: z.array(z.object({ at: z.string(), status: z.enum(deploymentStatuses), says: z.string() })),
  createdAt: dbInstant,
  endedAt: dbInstant.nullable(),
  updatedAt: dbInstant,
});
export type DeploymentRow = z.output<typeof DeploymentRow>;

const selectDeployments = Prisma.sql`
  SELECT d.id, d.status, d.target, d.drain, d.drain_minutes AS "drainMinutes", d.sentence, d.intent, d.plan, d.plan_hash AS "planHash",
         d.rollback_of AS "rollbackOf", d.user_id AS "userId", d.approved_at AS "approvedAt", d.approved_by AS "approvedBy",
         d.expires_at AS "expiresAt", d.cancel_asked_at AS "cancelAskedAt", d.door_closed_at AS "doorClosedAt", d.drafts,
         d.committed_at AS "committedAt", d.revision, to_jsonb(d.retiring) AS retiring, d.outcome_code AS "outcomeCode", d.outcome, d.steps,
         d.created_at AS "createdAt", d.ended_at AS "endedAt", d.updated_at AS "updatedAt"
    FROM platform.deployments d`;

/** @throws AppError not_found */
export async function readDeployment(tx: TenantSql, id: number): Promise<DeploymentRow> {
  return present(await findDeployment(tx, id), id);
}

export async function findDeployment(tx: TenantSql, id: number): Promise<DeploymentRow | null> {
  const [row] = await tx.query(
    DeploymentRow,
    Prisma.sql`${selectDeployments} WHERE d.company_id = ${tx.companyId}::bigint AND d.id = ${id}::bigint`,
  );

  return row ?? null;
}

/** The same, held until the transaction ends. @throws AppError not_found */
export async function lockDeployment(tx: TenantSql, id: number): Promise<DeploymentRow> {
  const [row] = await tx.query(
    DeploymentRow,
    Prisma.sql`${selectDeployments} WHERE d.company_id = ${tx.companyId}::bigint AND d.id = ${id}::bigint FOR UPDATE`,
  );

  return present(row ?? null, id);
}

/** Up to `limit`, newest first, before an id. */
export function listDeployments(
  tx: TenantSql,
  { before, limit }: { before: number | null | undefined; limit: number },
): Promise<DeploymentRow[]> {
  const beforeId = before ?? null;

  return tx.query(
    DeploymentRow,
    Prisma.sql`${selectDeployments} WHERE d.company_id = ${tx.companyId}::bigint
      AND (${beforeId}::bigint IS NULL OR d.id < ${beforeId}::bigint) ORDER BY d.id DESC LIMIT ${limit}::int`,
  );
}

function present(row: DeploymentRow | null, id: number): DeploymentRow {
  if (row === null) {
    throw new AppError('not_found', { detail: `There is no deployment ${id}.` });
  }

  return row;
}
