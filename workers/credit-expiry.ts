import { setTimeout as sleep } from 'node:timers/promises';

import { expireCredit, listExpiredCredits } from '../domain/billing/account/expire-credit';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';

/** Whoever uses or reads credit counts without what has expired, so nobody waits for this. Milliseconds. */
const idleMs = 2_000;
const batch = 100;

/**
 * Takes credit that has expired out of its accounts, each in a transaction of its own (D21); one that is lost is found again.
 * Two that look at once take it once: the second waits for the account and finds nothing. Runs until aborted.
 */
export async function runCreditExpiry(options: {
  database: Database;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { database, clock, logger, signal } = options;

  while (!signal.aborted) {
    try {
      for (const of of await listExpiredCredits(database.system, { until: clock.now(), limit: batch })) {
        await expire(options, of);
      }
    } catch (err) {
      logger.warn({ err }, 'credit that has expired could not be looked for; trying again');
    }
    await sleep(idleMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One that cannot be taken out must not keep the others from it. */
async function expire(
  { database, clock, logger }: { database: Database; clock: Clock; logger: Logger },
  { companyId, billingAccountId }: { companyId: number; billingAccountId: number },
): Promise<void> {
  try {
    await database.withTenantSql(companyId, (tx) => expireCredit(tx, { billingAccountId, now: clock.now() }));
  } catch (err) {
    logger.warn({ err, billingAccountId }, 'credit that has expired could not be taken out; trying again');
  }
}
