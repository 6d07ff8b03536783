import { formatInstant, formatOptionalInstant } from '../../../platform/instant';
import { describePlan } from '../planning/describe-plan';
import type { DeploymentRow } from './deployment-row';

/** A deployment as the API shows it. @param timeZone of the company */
export function viewDeployment(row: DeploymentRow, timeZone: string) {
  const { drafts: _drafts, cancelAskedAt: _asked, createdAt, endedAt, updatedAt, plan, steps, ...told } = row;
  const { changeset, ...changes } = plan;
  const { approvedAt, expiresAt, doorClosedAt, committedAt } = row;

  return {
    ...told,
    changeset,
    plan: changes,
    description: { vi: describePlan(row, 'vi'), en: describePlan(row, 'en') },
    steps: steps.map((step) => ({ ...step, at: formatInstant(new Date(step.at), timeZone) })),
    approvedAt: formatOptionalInstant(approvedAt, timeZone),
    expiresAt: formatInstant(expiresAt, timeZone),
    doorClosedAt: formatOptionalInstant(doorClosedAt, timeZone),
    committedAt: formatOptionalInstant(committedAt, timeZone),
    createdAt: formatInstant(createdAt, timeZone),
    endedAt: formatOptionalInstant(endedAt, timeZone),
    updatedAt: formatInstant(updatedAt, timeZone),
  };
}
