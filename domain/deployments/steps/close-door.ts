import type { TenantTransaction } from '../../../platform/db/database';
import { readModel, setDoors } from '../../companies/model-of-company';
import { withDoorsClosed } from '../planning/switch-plan-rules';
import type { DeploymentRow } from '../row/deployment-row';
import { moveDeployment } from '../row/move-deployment';

/** The company stops accepting what ends (D29); reads, payments, shipping, refunds and renewals go on. */
export async function closeDoor(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<DeploymentRow> {
  const { doors } = await readModel(tx, { isHeld: true });
  const closed = withDoorsClosed(doors, row.plan.closes);
  await setDoors(tx, {
    doors: { orders: closed.orders, subscriptions: closed.subscriptions, addons: closed.addons },
    now,
  });

  return moveDeployment(tx, row, {
    to: 'draining',
    says: row.plan.closes.length === 0 ? 'nothing ends' : `no new ${row.plan.closes.join(', ')} from now on`,
    set: { doorClosedAt: now },
    now,
  });
}
