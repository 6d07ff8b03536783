import { condition } from '@temporalio/workflow';

import { workflowNow } from './workflow-clock';

/** How long an answer waits for a provider, which usually says yes or no at once. Milliseconds. */
const patience = 3_000;

/**
 * Updates that are done and whose answers wait a little for a provider. Their handlers only wait; the workflow's one loop sets
 * the timer, so that all timers are set in one order.
 */
export class PatientAnswers {
  private waiting: { until: number; isDone: () => boolean }[] = [];

  /** Epoch milliseconds when the next one gives up; null when none waits. */
  get nextAt(): number | null {
    const open = this.waiting.filter(({ isDone }) => !isDone()).map(({ until }) => until);

    return open.length === 0 ? null : Math.min(...open);
  }

  /** For handlers: until it is done, or the loop gives it up. */
  async wait(isDone: () => boolean): Promise<void> {
    if (isDone()) {
      return;
    }
    const one = { until: workflowNow() + patience, isDone };
    this.waiting.push(one);
    await condition(() => isDone() || !this.waiting.includes(one));
    this.waiting = this.waiting.filter((other) => other !== one);
  }

  /** For the loop, when `nextAt` has come. */
  giveUpDue(): void {
    this.waiting = this.waiting.filter(({ until }) => until > workflowNow());
  }
}
