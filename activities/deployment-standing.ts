import { servicesToApply } from '../domain/deployments/planning/plan-for-target';
import type { DeploymentRow } from '../domain/deployments/row/deployment-row';
import { drainEndsAt } from '../domain/deployments/steps/drain-wait-rules';
import type { DeploymentStatus } from '../domain/deployments/row/deployment-status-rules';
import type { Config } from '../platform/config';

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
  /** Until when open work is waited for; null: it is not. Absent in what was recorded before. */
  drainEndsAt?: number | null;
  /** Services that begin, to be asked whether they answer; none where that is known otherwise (D33). */
  started: string[];
  retiring: string[];
  /** What happened last, in a line, and all of it. */
  says: string;
  story: string[];
}

export function standingOf(row: DeploymentRow, smokeCheck: Config['SMOKE_CHECK']): DeploymentStanding {
  const { plan, steps, target } = row;
  const answers = target.kind === 'local' || (target.kind === 'kubernetes' && smokeCheck === 'answer');

  return {
    status: row.status,
    from: plan.from,
    to: plan.to,
    planHash: row.planHash,
    target: [target.kind, target.context, target.server].filter((one) => one !== null).join(' '),
    isApproved: row.approvedAt !== null,
    isCancelAsked: row.cancelAskedAt !== null,
    isCommitted: row.committedAt !== null,
    expiresAt: row.expiresAt.getTime(),
    doorClosedAt: row.doorClosedAt?.getTime() ?? null,
    drainEndsAt: drainEndsAt(row)?.getTime() ?? null,
    started: answers ? servicesToApply(plan) : [],
    retiring: row.retiring,
    says: steps.at(-1)?.says ?? row.status,
    story: steps.slice(-15).map(({ at, says }) => `${at.slice(11, 19)}Z ${says}`),
  };
}
