import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { readPlanningContext } from '../planning/read-planning-context';
import type { SeenTarget } from '../planning/seen-target';
import { planSwitch, sumOfWork } from '../planning/switch-plan-rules';
import type { DeploymentRow } from '../row/deployment-row';
import { endWithout } from './end-without';
import { writeDrafts } from './switch-drafts';
import { takeTarget } from './take-target';

/** Counts what is open, now that nothing comes; then makes the drafts, and takes the target. */
export async function drain(
  tx: TenantTransaction,
  row: DeploymentRow,
  { seen, now }: { seen: SeenTarget; now: Date },
): Promise<DeploymentRow> {
  const { openWork } = planSwitchOrNothing(row, await readPlanningContext(tx, seen.standings)) ?? row.plan;
  const open = sumOfWork(openWork);

  if (open > 0 && row.drain === 'refuse') {
    const says = `refused: ${open} orders or subscriptions are open`;

    return endWithout(tx, row, { to: 'failed', code: 'work_open', says, now });
  }

  if (open > 0 && row.drain === 'wait') {
    const until = (row.doorClosedAt ?? now).getTime() + (row.drainMinutes ?? 0) * 60_000;

    return now.getTime() < until
      ? row
      : endWithout(tx, row, {
          to: 'failed',
          code: 'drain_deadline',
          says: `${open} orders or subscriptions were still open after ${row.drainMinutes} minutes`,
          now,
        });
  }

  return takeTarget(tx, row, {
    seen,
    now,
    says: open === 0 ? 'nothing of what ends is open' : `${open} go on to their end`,
    prepare: (fresh) => writeDrafts(tx, fresh, now),
  });
}

function planSwitchOrNothing(row: DeploymentRow, context: Parameters<typeof planSwitch>[1]) {
  try {
    return planSwitch(row.intent, context);
  } catch (error) {
    if (error instanceof AppError) {
      return null;
    }
    throw error;
  }
}
