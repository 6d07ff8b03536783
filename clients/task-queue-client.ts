import type { Client } from '@temporalio/client';

/** Kinds of task queue: of workflows, and of activities, which every service polls. */
const ofActivities = 2;

/** @returns when somebody last asked a task queue for activities, epoch milliseconds; null when nobody did lately */
export async function lastPolled(temporal: Client, taskQueue: string): Promise<number | null> {
  const { pollers = [] } = await temporal.workflowService.describeTaskQueue({
    namespace: temporal.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: ofActivities,
  });
  const times = (pollers ?? []).map(
    ({ lastAccessTime }) =>
      Number(lastAccessTime?.seconds ?? 0) * 1_000 + Math.floor((lastAccessTime?.nanos ?? 0) / 1_000_000),
  );

  return times.length === 0 ? null : Math.max(...times);
}

/** How many workflows of a service are not over, as Temporal's list has it, which may lag a moment behind. */
export async function countRunning({ workflow }: Client, taskQueue: string): Promise<number> {
  const { count } = await workflow.count(`TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`);

  return count;
}
