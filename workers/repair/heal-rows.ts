import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import type { Database } from '../../platform/db/database';
import type { Logger } from '../../platform/logger';
import { repairs } from './repair-workflows';

/** A row without a workflow is found within a minute. Milliseconds. */
const everyMs = 45_000;

/**
 * Starts again what Temporal has lost: workflows that were terminated, or are younger than its last backup. Two that look
 * at once start one. Runs until aborted.
 */
export async function runRowHealing(options: {
  database: Database;
  temporal: Client;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { logger, signal } = options;
  await sleep(everyMs, undefined, { signal }).catch(() => undefined);

  while (!signal.aborted) {
    for (const [what, repair] of Object.entries(repairs)) {
      try {
        const { lost } = signal.aborted ? { lost: 0 } : await repair(options);

        if (lost > 0) {
          logger.warn({ what, started: lost }, 'rows had lost their workflows; these were started again');
        }
      } catch (err) {
        logger.warn({ err, what }, 'rows without a workflow could not be looked for; trying again');
      }
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
