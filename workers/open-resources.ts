import type { Client } from '@temporalio/client';
import { z } from 'zod';

import { openGateways } from '../gateways/open-gateways';
import { systemClock } from '../platform/clock';
import type { Config } from '../platform/config';
import { type Database, openDatabase, Prisma } from '../platform/db/database';
import type { Logger } from '../platform/logger';
import type { ActivityResources } from './activity-sets';

/** Opens what activities need. @throws Error when the database is not migrated or its role could bypass a policy */
export async function openResources({
  config,
  temporal,
  logger,
}: {
  config: Config;
  temporal: Client;
  logger: Logger;
}): Promise<ActivityResources & { close(): Promise<void> }> {
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE });

  try {
    await database.verify();

    return {
      config,
      database,
      gateways: await openGateways({ config, database, logger }),
      clock: systemClock,
      installation: await readInstallation(database),
      allowTestPayments: !config.isProduction,
      temporal,
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function readInstallation(database: Database): Promise<string> {
  const [row] = await database.system.query(
    z.object({ id: z.string() }),
    Prisma.sql`SELECT id::text AS id FROM platform.installation LIMIT 1`,
  );

  if (row === undefined) {
    throw new Error('This database has no installation id. Run: bmms installation verify');
  }

  return row.id;
}
