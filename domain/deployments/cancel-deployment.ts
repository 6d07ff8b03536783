import type { TenantTransaction } from '../../platform/db/database';
import { AppError } from '../errors';
import { type DeploymentRow, lockDeployment } from './row/deployment-row';
import { isBeforeApplying, isOver } from './row/deployment-status-rules';
import { moveDeployment } from './row/move-deployment';
import { endWithout } from './steps/end-without';

/**
 * Calls a switch off. Before anything is brought to the target it is over at once, with the door open again; while it is
 * applied it is noted, and the workflow puts everything back. Again is no change.
 * @throws AppError not_found; deployment_state when the model is another one already, or it is over
 */
export async function cancelDeployment(
  tx: TenantTransaction,
  { id, now }: { id: number; now: Date },
): Promise<DeploymentRow> {
  const row = await lockDeployment(tx, id);

  if (row.status === 'cancelled' || row.cancelAskedAt !== null) {
    return row;
  }

  if (isOver(row.status) || row.committedAt !== null || row.status === 'rolling_back') {
    throw new AppError('deployment_state', {
      detail:
        row.committedAt === null
          ? `The switch is ${row.status}.`
          : 'The model is another one already. To go back, ask for a rollback.',
      params: { state: row.status },
    });
  }

  return isBeforeApplying(row.status)
    ? endWithout(tx, row, { to: 'cancelled', code: 'cancelled', says: 'cancelled', now })
    : moveDeployment(tx, row, {
        to: row.status,
        says: 'to be cancelled: what was applied is put back',
        set: { cancelAskedAt: now },
        now,
      });
}
