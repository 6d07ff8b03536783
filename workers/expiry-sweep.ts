import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../platform/clock';
import type { Database, SystemConnection, TenantSql } from '../platform/db/database';
import type { Logger } from '../platform/logger';

export interface SweepOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}

/** Something of all companies that is over at its time, whether it was ended or not, and how one of it is ended. */
export interface ExpirySweep<Due extends { companyId: number }> {
  /** Named in the log. */
  readonly what: string;
  /** Between two looks, milliseconds. */
  readonly idleMs: number;
  /** The longest over first; none on a test clock. */
  find(system: SystemConnection, asked: { until: Date; limit: number }): Promise<Due[]>;
  /** A repeat finds nothing to do. */
  end(tx: TenantSql, due: Due, now: Date): Promise<void>;
}

const batch = 100;

/**
 * Ends what is over, each in a transaction of its own (D21), without a pause while whole batches are; one that is lost is
 * found again. Runs until aborted.
 */
export async function runExpirySweep<Due extends { companyId: number }>(
  options: SweepOptions,
  sweep: ExpirySweep<Due>,
): Promise<void> {
  const { database, clock, logger, signal } = options;
  const { what, idleMs } = sweep;

  while (!signal.aborted) {
    let ended = 0;

    try {
      for (const due of await sweep.find(database.system, { until: clock.now(), limit: batch })) {
        ended += (await endOne(options, sweep, due)) ? 1 : 0;
      }
    } catch (err) {
      logger.warn({ err, what }, 'what has expired could not be looked for; trying again');
    }

    if (ended < batch) {
      await sleep(idleMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One that cannot be ended must not keep the others from it. @returns whether it was */
async function endOne<Due extends { companyId: number }>(
  { database, clock, logger }: SweepOptions,
  { what, end }: ExpirySweep<Due>,
  due: Due,
): Promise<boolean> {
  try {
    await database.withTenantSql(due.companyId, (tx) => end(tx, due, clock.now()));

    return true;
  } catch (err) {
    logger.warn({ err, what, due }, 'what has expired could not be ended; trying again');

    return false;
  }
}
