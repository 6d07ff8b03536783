import type { TenantTransaction } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { planWords, tellWork } from '../planning/plan-words';
import { readPlanningContext } from '../planning/read-planning-context';
import type { SeenTarget } from '../planning/seen-target';
import { planSwitch, sumOfWork } from '../planning/switch-plan-rules';
import type { DeploymentRow } from '../row/deployment-row';
import { drainEndsAt } from './drain-wait-rules';
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
  const told = tellWork(openWork, planWords.en);
  const endsAt = drainEndsAt(row);
  const end = (code: string, says: string) => endWithout(tx, row, { to: 'failed', code, says, now });

  if (open > 0 && row.drain === 'refuse') {
    return end('work_open', `refused: still open: ${told}`);
  }

  if (open > 0 && endsAt !== null) {
    return now < endsAt
      ? row
      : end('drain_deadline', `still open ${row.drainMinutes} minutes after the door was closed: ${told}`);
  }

  return takeTarget(tx, row, {
    seen,
    now,
    says: open === 0 ? 'nothing of what ends is open' : `open, and goes on to its end: ${told}`,
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
