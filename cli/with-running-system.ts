import type { Client } from '@temporalio/client';

import { type Clock, systemClock } from '../platform/clock';
import { type Config, readConfig } from '../platform/config';
import type { Database } from '../platform/db/database';
import { runningEnvironment } from './running-environment';

export interface RunningSystem {
  database: Database;
  temporal: Client;
  clock: Clock;
  config: Config;
  companyId: number;
}

/**
 * Opens the system that `npm start` runs in this clone, or that the variables name, for a command on one company.
 * @param company slug; the default company when absent
 * @throws Error in one sentence when a part does not answer, or there is no such company
 */
export async function withRunningSystem<Result>(
  company: string | undefined,
  work: (system: RunningSystem) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(runningEnvironment());
  const [{ openDatabase }, { openTemporal }, { findCompany }] = await Promise.all([
    import('../platform/db/database.js'),
    import('../platform/temporal/client.js'),
    import('../domain/companies/find-company.js'),
  ]);
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: 2 });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

  try {
    await Promise.all([database.verify(), temporal.verify(10_000)]);
    const slug = company ?? config.DEFAULT_COMPANY;
    const found = await findCompany(database.system, slug);

    if (found === null) {
      throw new Error(`There is no company ${slug}.`);
    }

    return await work({ database, temporal: temporal.client, clock: systemClock, config, companyId: found.id });
  } finally {
    await Promise.allSettled([database.close(), temporal.close()]);
  }
}
