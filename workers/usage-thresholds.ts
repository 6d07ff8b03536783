import type { Client } from '@temporalio/client';

import { billUsageOf } from '../clients/subscription-client';
import { lookAtUsage } from '../domain/subscriptions/steps/look-at-usage';
import { listLooks } from '../domain/usage/thresholds/threshold-looks';
import type { Database } from '../platform/db/database';
import { type LoopOptions, runPatiently } from './patient-loop';

const answerMs = 20_000;

/**
 * Compares usage that was recorded with the thresholds of its subscriptions, and has those bill it that have reached theirs:
 * a workflow is woken when there is something to bill, and not for each event. However much is recorded meanwhile, a
 * subscription's usage is added up once between two pauses. Runs until aborted.
 */
export function runUsageThresholds(options: LoopOptions & { database: Database; temporal: Client }): Promise<void> {
  const { database, clock, temporal, logger } = options;

  return runPatiently(options, {
    idleMs: 2_000,
    alwaysIdles: true,
    list: (limit) => listLooks(database.system, { limit }),
    keyOf: ({ subscriptionId }) => String(subscriptionId),
    async carryOut({ companyId, subscriptionId }) {
      const now = clock.now();
      const isReached = await database.withTenantSql(companyId, (tx) => lookAtUsage(tx, { subscriptionId, now }));

      if (isReached) {
        await billUsageOf({ database, temporal }, { companyId, id: subscriptionId, until: now.getTime() + answerMs });
      }
    },
    onFailed: ({ companyId, subscriptionId }, err) =>
      logger.warn(
        { err, companyId, subscriptionId },
        'usage that has come to its threshold is not billed yet; trying again',
      ),
    onBlind: (err) => logger.warn({ err }, 'usage could not be compared with its thresholds; trying again'),
  });
}
