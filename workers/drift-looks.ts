import type { Client } from '@temporalio/client';

import { keepLookingForDrift } from '../clients/drift-client';
import { forgetDrift } from '../domain/deployments/drift/note-drift';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/logger';
import type { ActivityResources } from './activity-sets';
import type { ServiceDefinition } from './services';

/** A cluster is looked at by a Schedule, as the host that runs the looks is configured; other targets do not drift. */
export async function scheduleDriftLooks(options: {
  config: Config;
  services: readonly ServiceDefinition[];
  resources: Pick<ActivityResources, 'database'>;
  temporal: Client;
  logger: Logger;
}): Promise<void> {
  const { config, services, resources, temporal, logger } = options;
  const runsLooks = services.some(({ workflows }) => workflows.includes('targetDrift'));

  if (!runsLooks || config.DEPLOYMENT_TARGET !== 'kubernetes') {
    return;
  }
  const { DRIFT_MODE: mode, DRIFT_EVERY_SECONDS: everySeconds } = config;

  try {
    await keepLookingForDrift(temporal, { kind: 'kubernetes', mode, everySeconds });

    if (mode === 'off') {
      await forgetDrift(resources.database, 'kubernetes');
    }
    logger.info({ mode, everySeconds }, 'the cluster is looked at for drift');
  } catch (err) {
    logger.error({ err }, 'the Schedule of looks for drift could not be written; the next start tries again');
  }
}
