import type { TenantTransaction } from '../../../platform/db/database';
import { type DeploymentRow, lockDeployment } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';
import { endWithout } from './end-without';

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

export const beginRollback = (
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
