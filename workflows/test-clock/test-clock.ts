import { setCurrentDetails } from '@temporalio/workflow';

import { clockSteps } from '../entity/activity-proxies';
import type { TestClockWorkflowInput } from '../subscription/subscription-messages';

/**
 * `test-clock/<id>`: one advance of a test clock, to the target in its row (D26). The activity goes from deadline to
 * deadline and keeps its place in the row, so one that is lost goes on where it was.
 */
export async function testClock(input: TestClockWorkflowInput): Promise<void> {
  setCurrentDetails('advancing; see the row of the clock for how far it is');
  await clockSteps.advanceTestClock(input);
  setCurrentDetails('ready');
}
