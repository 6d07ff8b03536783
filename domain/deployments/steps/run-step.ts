import type { TenantTransaction } from '../../../platform/db/database';
import type { SeenTarget } from '../planning/seen-target';
import { type DeploymentRow, lockDeployment } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';
import { closeDoor } from './close-door';
import { drain } from './drain';
import { endWithout } from './end-without';
import { takeTarget } from './take-target';

/** Whether the next step of a switch plans once more, for which its target is looked at first. */
export const looksAtTarget = ({ status, approvedAt, target }: DeploymentRow): boolean =>
  status === 'draining' || (status === 'awaiting_approval' && approvedAt !== null && target.kind === 'directory');

/**
 * Takes the next step of a switch that waits for nobody outside: one transaction, decided by the row, so that a repeat after
 * a crash takes the step after it. Where there is none to take, the row is answered as it is.
 * @param step.seen null: the target was not looked at, and nothing is planned
 */
export async function runStep(
  tx: TenantTransaction,
  step: { id: number; seen: SeenTarget | null; now: Date },
): Promise<DeploymentRow> {
  const { id, seen, now } = step;
  const row = await lockDeployment(tx, id);

  switch (row.status) {
    case 'planned':
      return moveDeployment(tx, row, { to: 'awaiting_approval', says: 'waits for approval', now });
    case 'awaiting_approval':
      if (row.approvedAt === null) {
        return expireWhenDue(tx, row, now);
      }

      // An export ends nothing, so nothing is drained for it (D31).
      return row.target.kind === 'directory'
        ? seen === null
          ? row
          : takeTarget(tx, row, { seen, now, says: null })
        : closeDoor(tx, row, now);
    case 'draining':
      return seen === null ? row : drain(tx, row, { seen, now });
    default:
      return row;
  }
}

async function expireWhenDue(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<DeploymentRow> {
  return row.expiresAt > now
    ? row
    : endWithout(tx, row, { to: 'expired', code: 'expired', says: 'nobody approved it in time', now });
}
