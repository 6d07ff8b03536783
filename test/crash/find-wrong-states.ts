import { setTimeout as delay } from 'node:timers/promises';

import type { RunningShop } from './running-shop';

/** A task of a workflow that a dead host has taken along is given to another one after ten seconds. */
const settledWithinMs = 30_000;

/**
 * Workflows of what is over have ended, those of all else run. One ends a moment after its row.
 * @returns a sentence for each that is another thing in the end
 */
export async function findWrongStates(
  { temporal }: Pick<RunningShop, 'temporal'>,
  wanted: readonly { workflowId: string; isOver: boolean }[],
): Promise<string[]> {
  for (const until = performance.now() + settledWithinMs; ; await delay(250)) {
    const states = await Promise.all(
      wanted.map(async ({ workflowId, isOver }) => {
        const { status } = await temporal.client.workflow.getHandle(workflowId).describe();

        return status.name === (isOver ? 'COMPLETED' : 'RUNNING') ? [] : [`${workflowId} is ${status.name}`];
      }),
    );
    const wrong = states.flat();

    if (wrong.length === 0 || performance.now() > until) {
      return wrong;
    }
  }
}
