import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Priority, TypedSearchAttributes } from '@temporalio/common';

import { needsNewRequest } from '../platform/temporal/lost-update-rules';
import { sendAgainWhile } from '../platform/temporal/send-again';

/**
 * How soon its tasks are taken up where several wait for a worker: `asked`, somebody waits for an answer; `usual`; and
 * `background`, nobody does.
 */
export type Urgency = 'asked' | 'usual' | 'background';

/** Of the five that Temporal knows, 1 first; 3 is what all have who say nothing. */
const priorityKeys = { asked: 2, usual: 3, background: 4 } as const satisfies Record<Urgency, number>;

/** How a workflow is started: by all who do, so that it looks the same in the Web UI however it came to run. */
export interface WorkflowStart {
  type: string;
  workflowId: string;
  taskQueue: string;
  input: unknown;
  /** Among tasks that are equally urgent each company has its turn, however many another one brings along. */
  companyId: number;
  urgency: Urgency;
  /** One line for people: no personal data. */
  summary: string;
  searchAttributes?: TypedSearchAttributes;
}

/** What the calls of the SDK take of it. */
export function startOptions(start: WorkflowStart) {
  const { workflowId, taskQueue, input, summary, searchAttributes } = start;

  return {
    workflowId,
    taskQueue,
    args: [input] as [unknown],
    priority: priorityOf(start),
    staticSummary: summary,
    ...(searchAttributes === undefined ? {} : { typedSearchAttributes: searchAttributes }),
  };
}

/** Its activities, later runs and the workflows that it starts have it, too. */
const priorityOf = ({ companyId, urgency }: WorkflowStart): Priority => ({
  priorityKey: priorityKeys[urgency],
  fairnessKey: String(companyId),
});

/**
 * Sends an update to a workflow, which is started with it unless it runs.
 * @param update.reuse whether one that has ended may run once more
 */
export function updateWithStart<Answer>(
  { workflow }: Client,
  start: WorkflowStart,
  update: {
    name: string;
    args: [] | [unknown];
    updateId: string;
    reuse: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY';
  },
): Promise<Answer> {
  const { name, args, updateId, reuse } = update;

  return sendAgainWhile(needsNewRequest, () =>
    workflow.executeUpdateWithStart<(input: unknown) => Promise<unknown>, Answer, [] | [unknown]>(name, {
      args,
      updateId,
      startWorkflowOperation: new WithStartWorkflowOperation(start.type, {
        ...startOptions(start),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: reuse,
      }),
    }),
  );
}

/**
 * Sends a signal to a workflow, which is started with it unless it runs.
 * @param signal.reuse whether one that has ended by itself may run once more
 * @throws WorkflowExecutionAlreadyStartedError where it may not, and has
 */
export function signalWithStart(
  { workflow }: Client,
  start: WorkflowStart,
  { name, reuse }: { name: string; reuse: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' },
) {
  return workflow.signalWithStart(start.type, { ...startOptions(start), signal: name, workflowIdReusePolicy: reuse });
}

/** A row whose workflow Temporal lost gets one that goes on where the row is; one that runs is left alone. @returns whether it was started */
export async function startUnlessRunning({ workflow }: Client, start: WorkflowStart): Promise<boolean> {
  try {
    await workflow.start(start.type, { ...startOptions(start), workflowIdReusePolicy: 'ALLOW_DUPLICATE' });

    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) {
      throw error;
    }

    return false;
  }
}

export async function isRunning({ workflow }: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await workflow.getHandle(workflowId).describe();

    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      return false;
    }
    throw error;
  }
}

/** Events of a workflow whose first task is done or has failed: it was started, and its task scheduled, begun and ended. */
const eventsOfFirstTask = 4;

/** @returns whether a worker has done the first task of a workflow, or it is over */
export async function isTakenUp({ workflow }: Client, workflowId: string): Promise<boolean> {
  const { status, historyLength } = await workflow.getHandle(workflowId).describe();

  return status.name !== 'RUNNING' || historyLength >= eventsOfFirstTask;
}

/** Which of these run, in one question to Temporal's list, which may lag behind. */
export async function listRunning({ workflow }: Client, workflowIds: readonly string[]): Promise<Set<string>> {
  const names = workflowIds.map((id) => `'${id}'`).join(', ');
  const running = new Set<string>();

  for await (const { workflowId } of workflow.list({
    query: `WorkflowId IN (${names}) AND ExecutionStatus = 'Running'`,
    pageSize: workflowIds.length,
  })) {
    running.add(workflowId);
  }

  return running;
}
