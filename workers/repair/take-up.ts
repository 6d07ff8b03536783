import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import { isTakenUp } from '../../clients/workflow-start';

/** Of one kind, workflows that are started and that no worker has taken up yet. */
export const startedAtOnce = 4;

/** Where nobody works on a queue, or it is long, the next ones are started all the same, this slowly. Milliseconds. */
const patienceMs = 5_000;
const lookEveryMs = 100;

/** Waits until a worker has done the first task of a workflow that was just started, or patience is over. */
export async function waitUntilTakenUp(temporal: Client, workflowId: string, signal?: AbortSignal): Promise<void> {
  const until = performance.now() + patienceMs;

  while (performance.now() < until && signal?.aborted !== true && !(await isTakenUp(temporal, workflowId))) {
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}
