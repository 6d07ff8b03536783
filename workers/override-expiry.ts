import { setTimeout as sleep } from 'node:timers/promises';

import { expireOverrides } from '../domain/entitlements/overrides/end-override';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';

/** They are over at their time whether this has run or not; what it does is to say so. Milliseconds. */
const everyMs = 5_000;
const atOnce = 100;

/** Ends overrides whose time is over, with their events. Runs until aborted. */
export async function runOverrideExpiry(options: {
  database: Database;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { database, clock, logger, signal } = options;

  while (!signal.aborted) {
    let ended = 0;

    try {
      ended = await expireOverrides(database, { now: clock.now(), limit: atOnce });
    } catch (err) {
      logger.warn({ err }, 'overrides of entitlements could not be ended; trying again');
    }

    if (ended < atOnce) {
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
