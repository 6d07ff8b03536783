import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import { AppError } from '../domain/errors';
import { updateWithStart, type WorkflowStart } from './workflow-start';

/** `under_way`: there was no time to wait for more, but it runs. `ended`: it ran before and is over; its result says what became of it. */
export type FirstAnswer<Answer, Result> =
  { kind: 'answered'; answer: Answer } | { kind: 'under_way' } | { kind: 'ended'; result: Result };

/** What is kept of the time to answer, to look whether there is anything to wait for. Milliseconds. */
const lookMs = 2_000;

/**
 * Starts a workflow and waits for its first update, at once and safe to repeat: the same id finds the same workflow, which
 * answers the same (D2). One that was lost on the way is started anew.
 * @param options.until when to stop waiting, epoch milliseconds
 * @throws AppError unavailable when it could not even be started
 */
export async function startWithUpdate<Answer, Result>(
  temporal: Client,
  start: WorkflowStart,
  options: { update: string; until: number; now: () => Date },
): Promise<FirstAnswer<Answer, Result>> {
  const { update, until, now } = options;
  const { workflow, connection } = temporal;

  try {
    const answer = await connection.withDeadline(until - lookMs, () =>
      updateWithStart<Answer>(temporal, start, {
        name: update,
        args: [],
        updateId: update,
        reuse: 'ALLOW_DUPLICATE_FAILED_ONLY',
      }),
    );

    return { kind: 'answered', answer };
  } catch (error) {
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      // What takes longer is promised only when its workflow is there to do it.
      await connection
        .withDeadline(now().getTime() + lookMs, () => workflow.getHandle(start.workflowId).describe())
        .catch(() => {
          throw new AppError('unavailable', { cause: error });
        });

      return { kind: 'under_way' };
    }

    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      return { kind: 'ended', result: (await workflow.getHandle(start.workflowId).result()) as Result };
    }
    throw error;
  }
}
