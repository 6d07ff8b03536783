import { condition, defineSignal, setHandler } from '@temporalio/workflow';

import { clockSteps } from '../entity/activity-proxies';
import { showDetails } from '../entity/current-details';
import { noteUnknownSignals, withOwnCancellation } from '../entity/own-cancellation';
import { reasonOf } from '../entity/postponed-work';
import type { TestClockWorkflowInput } from '../subscription/subscription-messages';

/** A clock was given a target; sent with the start, so that an advance that is just ending takes it in, too. */
export const clockAimedSignal = defineSignal('aimed');

/** What a rule refuses may be mended soon, or never. Milliseconds; doubled with each failure in a row. */
const leastWait = 15_000;
const mostWait = 600_000;

/**
 * `test-clock/<id>`: advances of a test clock, to the target in its row (D26). The activity goes from deadline to
 * deadline and keeps its place in the row, so one that is lost goes on where it was.
 */
export function testClock(input: TestClockWorkflowInput): Promise<void> {
  return withOwnCancellation((onCancelRequest) => turnClock(input, onCancelRequest));
}

async function turnClock(input: TestClockWorkflowInput, onCancelRequest: (take: () => void) => void): Promise<void> {
  let isAimed = true;
  let failures = 0;
  setHandler(
    clockAimedSignal,
    () => {
      isAimed = true;
    },
    { description: 'The clock has a new target in its row.' },
  );
  noteUnknownSignals([clockAimedSignal.name], (_message, reason) => showDetails([`refused: ${reason}`]));
  onCancelRequest(() => showDetails(['refused request to cancel: an advance goes on to its target']));

  while (isAimed) {
    isAimed = false;
    const isDone = await turn();
    isAimed ||= !isDone;
  }

  async function turn(): Promise<boolean> {
    showDetails(['advancing; see the row of the clock for how far it is']);

    try {
      await clockSteps('advance from deadline to deadline to the target').advanceTestClock(input);
      showDetails(['ready']);
      failures = 0;

      return true;
    } catch (error) {
      const wait = Math.min(mostWait, leastWait * 2 ** failures);
      failures += 1;
      showDetails([`a step failed: ${reasonOf(error)}; it is tried again in ${wait / 1_000} s, or with a new target`]);
      await condition(() => isAimed, wait, { summary: 'a failed step is tried again' });

      return false;
    }
  }
}
