import type { Database, SystemConnection, TenantSql } from '../platform/db/database';
import { type LoopOptions, runPatiently } from './patient-loop';

export interface SweepOptions extends LoopOptions {
  database: Database;
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

/** Ends what is over, each in a transaction of its own (D21). Runs until aborted. */
export function runExpirySweep<Due extends { companyId: number }>(
  options: SweepOptions,
  { what, idleMs, find, end }: ExpirySweep<Due>,
): Promise<void> {
  const { database, clock, logger } = options;

  return runPatiently(options, {
    idleMs,
    list: (limit) => find(database.system, { until: clock.now(), limit }),
    keyOf: (due) => JSON.stringify(due),
    carryOut: (due) => database.withTenantSql(due.companyId, (tx) => end(tx, due, clock.now())),
    onFailed: (due, err) => logger.warn({ err, what, due }, 'what has expired could not be ended; trying again'),
    onBlind: (err) => logger.warn({ err, what }, 'what has expired could not be looked for; trying again'),
  });
}
