import type { TenantTransaction } from '../../../platform/db/database';
import { setDoors } from '../../companies/model-of-company';
import { readModel } from '../../companies/model-of-company';
import type { EventType } from '../../events/event-types';
import type { DeploymentRow } from '../row/deployment-row';
import type { DeploymentStatus } from '../row/deployment-status-rules';
import { moveDeployment } from '../row/move-deployment';
import { withdrawDrafts } from './switch-drafts';

const events: Readonly<Partial<Record<DeploymentStatus, EventType>>> = {
  cancelled: 'model_switch.cancelled',
  expired: 'model_switch.expired',
};

/** Ends a switch, of a row that is locked, as if it had never been: the door is open again, its drafts are withdrawn (D30). */
export async function endWithout(
  tx: TenantTransaction,
  row: DeploymentRow,
  input: { to: DeploymentStatus; code: string; says: string; now: Date },
): Promise<DeploymentRow> {
  const { to, code, says, now } = input;
  const event = events[to];
  await undoInPlace(tx, row, now);

  return moveDeployment(tx, row, {
    to,
    says,
    set: { outcomeCode: code, outcome: says },
    ...(event === undefined ? {} : { event }),
    now,
  });
}

/** Opens the door that the switch has closed and withdraws its drafts; the switch itself stands where it stands. */
export async function undoInPlace(tx: TenantTransaction, row: DeploymentRow, now: Date): Promise<void> {
  if (row.doorClosedAt !== null) {
    const { doors } = await readModel(tx, { isHeld: true });
    const reopened = Object.fromEntries(row.plan.closes.map((door) => [door, true]));
    await setDoors(tx, { doors: { ...doors, ...reopened }, now });
  }
  await withdrawDrafts(tx, row, now);
}
