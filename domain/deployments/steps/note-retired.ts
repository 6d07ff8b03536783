import type { TenantTransaction } from '../../../platform/db/database';
import { type DeploymentRow, lockDeployment } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';

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
