import { testClockSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import type { ApiDependencies } from '../dependencies';

/**
 * Starts the workflow that turns a clock to its target, or finds it under way, and waits for it.
 * @returns false when that takes longer than `patienceMs`; the clock goes on
 */
export async function advanceTestClock(
  { temporal }: Pick<ApiDependencies, 'temporal'>,
  { companyId, testClockId, patienceMs }: { companyId: number; testClockId: number; patienceMs: number },
): Promise<boolean> {
  const handle = await temporal.workflow.start('testClock', {
    workflowId: testClockSubject(testClockId),
    taskQueue: 'subscription-svc',
    args: [{ companyId, testClockId }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: `advance test clock ${testClockId}`,
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });

  try {
    return await Promise.race([handle.result().then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
