import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';

import { billUsageOf } from '../clients/subscription-client';
import { lookAtUsage } from '../domain/subscriptions/steps/look-at-usage';
import { listLooks, type ThresholdLook } from '../domain/usage/thresholds/threshold-looks';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { Logger } from '../platform/logger';

/** However much is recorded meanwhile, a subscription's usage is added up once in so long. */
const idleMs = 2_000;
const answerMs = 20_000;

interface ThresholdOptions {
  database: Database;
  clock: Clock;
  temporal: Client;
  logger: Logger;
  signal: AbortSignal;
}

/**
 * Compares usage that was recorded with the thresholds of its subscriptions, and has those bill it that have reached theirs:
 * a workflow is woken when there is something to bill, and not for each event. Runs until aborted.
 */
export async function runUsageThresholds(options: ThresholdOptions): Promise<void> {
  const { database, logger, signal } = options;

  while (!signal.aborted) {
    try {
      for (const noted of await listLooks(database.system, { limit: 100 })) {
        await look(options, noted);
      }
    } catch (err) {
      logger.warn({ err }, 'usage could not be compared with its thresholds; trying again');
    }
    await sleep(idleMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One that cannot be billed must not keep the others from it. */
async function look(
  { database, clock, temporal, logger }: ThresholdOptions,
  { companyId, subscriptionId }: ThresholdLook,
): Promise<void> {
  try {
    const now = clock.now();
    const isReached = await database.withTenantSql(companyId, (tx) => lookAtUsage(tx, { subscriptionId, now }));

    if (isReached) {
      await billUsageOf({ database, temporal }, { companyId, id: subscriptionId, until: now.getTime() + answerMs });
    }
  } catch (err) {
    logger.warn(
      { err, companyId, subscriptionId },
      'usage that has come to its threshold is not billed yet; trying again',
    );
  }
}
