import { setTimeout as sleep } from 'node:timers/promises';

import { WorkflowFailedError } from '@temporalio/client';

import { wakeService } from '../domain/deployments/local/local-revisions';
import { testClockSubject } from '../domain/subscriptions/lifecycle/subscription-id-rules';
import type { ClientParts, OfCompany } from './client-parts';
import { signalWithStart, startUnlessRunning, type WorkflowStart } from './workflow-start';

const testClockStart = ({ companyId, id }: OfCompany): WorkflowStart => ({
  type: 'testClock',
  workflowId: testClockSubject(id),
  taskQueue: 'subscription-svc',
  input: { companyId, testClockId: id },
  companyId,
  urgency: 'background',
  summary: `advance test clock ${id}`,
});

/**
 * Has the workflow of a clock turn it to its target, and waits for it. The signal goes with the start, so that a run whose
 * last advance is just ending takes the new target in instead of ending past it.
 * @returns false when that takes longer than `patienceMs`; the clock goes on
 */
export async function advanceTestClock(
  { temporal, database }: ClientParts,
  { patienceMs, ...of }: OfCompany & { patienceMs: number },
): Promise<boolean> {
  await wakeService(database, 'subscription-svc');
  const handle = await signalWithStart(temporal, testClockStart(of), { name: 'aimed', reuse: 'ALLOW_DUPLICATE' });
  const patience = new AbortController();

  try {
    return await Promise.race([
      handle.result().then(() => true, falseWhenEnded),
      sleep(patienceMs, false, { signal: patience.signal }),
    ]);
  } finally {
    patience.abort();
  }
}

/** One that somebody has ended goes on when it is started again, as a clock whose workflow was lost. @throws any other error */
function falseWhenEnded(error: unknown): false {
  if (error instanceof WorkflowFailedError) {
    return false;
  }
  throw error;
}

/** A clock on its way whose workflow was lost goes on. @returns whether it had to be started */
export const restartTestClock = ({ temporal }: Pick<ClientParts, 'temporal'>, of: OfCompany): Promise<boolean> =>
  startUnlessRunning(temporal, testClockStart(of));
