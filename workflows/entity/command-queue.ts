import { ApplicationFailure, condition } from '@temporalio/workflow';

import type { SerialisedAppError } from '../../domain/errors';

/**
 * Handlers enqueue, one loop runs: so at any moment at most one command changes the workflow's state, in the order in
 * which the commands arrived, and an update answers with the result of its own command.
 */
export class CommandQueue {
  private readonly waiting: (() => Promise<unknown>)[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Enqueues a command and waits for its result; a business refusal becomes a typed failure of the update. */
  perform<Result>(command: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push(() => command().then(resolve, reject));
    });
  }

  /** Enqueues a command that nobody waits for; it must not throw. */
  add(command: () => Promise<unknown>): void {
    this.waiting.push(command);
  }

  /** Runs what is waiting, one after the other. */
  async runAll(): Promise<void> {
    for (let command = this.waiting.shift(); command !== undefined; command = this.waiting.shift()) {
      await command();
    }
  }

  /** Waits for a command or for the time. @returns false when the time came first */
  async nextOr(
    milliseconds: number | null,
    timerSummary: string,
    isDone: () => boolean = () => false,
  ): Promise<boolean> {
    const isAwake = () => !this.isEmpty || isDone();

    if (milliseconds === null) {
      await condition(isAwake);

      return true;
    }

    return condition(isAwake, milliseconds, { summary: timerSummary });
  }
}

/** An AppError crossing Temporal: its code is the failure's type, so that the API can make the same problem of it. */
export function refusal(error: SerialisedAppError): ApplicationFailure {
  return ApplicationFailure.create({ message: error.detail, type: error.code, nonRetryable: true, details: [error] });
}
