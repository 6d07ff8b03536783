import type { LocalActivityInput, WorkflowInterceptors } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes';

import { currentDetails, showFailingStep } from './current-details';

/**
 * Tries of a step that the worker makes by itself, within a second or two. Those after them come from here, so whoever is
 * seen here has failed as often.
 */
const seenFromTry = 2;

const noStacks = (details: string): string =>
  `${details}\n\nThis worker notes no stacks of promises, which would take half of a workflow's time; WORKFLOW_STACK_TRACES=true has it do so.`;

/**
 * Loaded with every workflow (workers/build-bundle.ts). They hand on the very promises they are given and make no commands,
 * so that a replay finds everything in the order of before.
 */
export const interceptors = (): WorkflowInterceptors => {
  tellWithoutStacks();

  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const result = next(input);

          if (input.attempt >= seenFromTry) {
            showWhileFailing(input, result);
          }

          return result;
        },
      },
    ],
  };
};

/**
 * The tab "Call Stack" of the Web UI: the SDK answers it past all interceptors, with an error where stacks are not noted. Its
 * handler is no part of the SDK's interface; test/integration/workers looks whether this still holds.
 */
function tellWithoutStacks(): void {
  const query = getActivator().queryHandlers.get('__stack_trace');
  const own = query?.handler;

  if (query === undefined || own === undefined) {
    return;
  }
  query.handler = () => {
    try {
      return own();
    } catch (error) {
      if (error instanceof Error && error.name === 'IllegalStateError') {
        return noStacks(currentDetails());
      }
      throw error;
    }
  };
}

function showWhileFailing(
  { activityType, attempt, originalScheduleTime }: LocalActivityInput,
  result: Promise<unknown>,
): void {
  const key = `${activityType} ${String(originalScheduleTime?.seconds)}.${originalScheduleTime?.nanos}`;
  const end = () => showFailingStep(key, null);
  showFailingStep(
    key,
    `step ${activityType} has failed ${attempt - 1} times and is tried again; the log of the worker says why`,
  );
  result.then(end, (error: unknown) => {
    // Not the end of it: tried again after a timer.
    if (!(error instanceof Error && error.name === 'LocalActivityDoBackoff')) {
      end();
    }
  });
}
