import { setTimeout as sleep } from 'node:timers/promises';

import { testClockWorkflow } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import type { ApiDependencies } from '../dependencies';

/**
 * Has the workflow of a clock turn it to its target, and waits for it. The signal goes with the start, so that a run whose
 * last advance is just ending takes the new target in instead of ending past it.
 * @returns false when that takes longer than `patienceMs`; the clock goes on
 */
export async function advanceTestClock(
  { temporal }: Pick<ApiDependencies, 'temporal'>,
  { companyId, testClockId, patienceMs }: { companyId: number; testClockId: number; patienceMs: number },
): Promise<boolean> {
  const { type, workflowId, taskQueue, input } = testClockWorkflow({ companyId, testClockId });
  const handle = await temporal.workflow.signalWithStart(type, {
    workflowId,
    taskQueue,
    args: [input],
    signal: 'aimed',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `advance test clock ${testClockId}`,
  });
  const patience = new AbortController();

  try {
    return await Promise.race([
      handle.result().then(() => true),
      sleep(patienceMs, false, { signal: patience.signal }),
    ]);
  } finally {
    patience.abort();
  }
}
