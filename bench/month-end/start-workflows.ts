import { restartSubscription } from '../../clients/subscription-client';
import { subscriptionSubject } from '../../domain/subscriptions/lifecycle/subscription-id-rules';
import { openDatabase } from '../../platform/db/database';
import { someAtATime } from '../../platform/some-at-a-time';
import { openTemporal } from '../../platform/temporal/client';
import { waitUntilTakenUp } from '../../workers/repair/take-up';
import type { BenchSystem } from '../start-system';

const atOnce = 16;

/** Starts the workflows of subscriptions as repair does, and waits until each has read its row. */
export async function startWorkflows(
  { databaseUrl, temporalAddress }: BenchSystem,
  companyId: number,
  subscriptionIds: readonly number[],
): Promise<void> {
  const database = openDatabase({ url: databaseUrl, poolSize: 4 });
  const temporal = openTemporal({ address: temporalAddress, namespace: 'default' });

  try {
    await someAtATime(subscriptionIds, atOnce, async (id) => {
      await restartSubscription({ database, temporal: temporal.client }, { companyId, id });
      await waitUntilTakenUp(temporal.client, subscriptionSubject(id));
    });
  } finally {
    await Promise.allSettled([database.close(), temporal.close()]);
  }
}
