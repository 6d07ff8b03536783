import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import type { Clock } from '../../platform/clock';
import type { Database } from '../../platform/db/database';
import type { Logger } from '../../platform/logger';
import type { RestartedWorkflows } from './restarted-workflows';
import { repairs } from './repair-workflows';

/** A row without a workflow is found within a minute. Milliseconds. */
const everyMs = 45_000;

/** When there are many, the log says how far it is so often. Milliseconds. */
const toldEveryMs = 10_000;

interface HealingOptions {
  database: Database;
  temporal: Client;
  clock: Clock;
  logger: Logger;
  restarted: RestartedWorkflows;
  signal: AbortSignal;
}

/**
 * Starts again what Temporal has lost: workflows that were terminated, or are younger than its last backup. All kinds at the
 * same time, so that many of one do not hold up the others. Two that look at once start one. Runs until aborted; whoever
 * looks next goes on with what is still lost.
 */
export async function runRowHealing(options: HealingOptions): Promise<void> {
  const { signal } = options;
  await sleep(everyMs, undefined, { signal }).catch(() => undefined);

  while (!signal.aborted) {
    await Promise.all(Object.keys(repairs).map((what) => heal(options, what as keyof typeof repairs)));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function heal(options: HealingOptions, what: keyof typeof repairs): Promise<void> {
  const { clock, logger, restarted, signal } = options;
  let toldAt = clock.now().getTime();

  try {
    const { wanted, lost } = await repairs[what](options, {
      isMending: true,
      signal,
      onStarted: (workflowId) => restarted.note(workflowId),
      onFailed: (workflowId, err) =>
        logger.warn({ err, workflowId }, 'a row without a workflow could not be given one; trying again'),
      onProgress(counts) {
        if (counts.lost > 0 && clock.now().getTime() - toldAt >= toldEveryMs) {
          toldAt = clock.now().getTime();
          logger.warn({ what, looked: counts.wanted, started: counts.lost }, 'rows without a workflow get theirs');
        }
      },
    });

    if (lost > 0) {
      logger.warn({ what, looked: wanted, started: lost }, 'rows had lost their workflows; these were started again');
    }
  } catch (err) {
    logger.warn({ err, what }, 'rows without a workflow could not be looked for; trying again');
  }
}
