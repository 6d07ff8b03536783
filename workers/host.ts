import { NativeConnection } from '@temporalio/worker';

import type { Config } from '../platform/config';
import type { Logger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { startOperationsServer } from '../platform/operations-server';
import { openTemporal } from '../platform/temporal/client';
import { ensureSearchAttributes } from '../platform/temporal/ensure-search-attributes';
import { startBackgroundLoops } from './background-loops';
import { scheduleDriftLooks } from './drift-looks';
import { exposeDriftedObjects } from './drifted-objects';
import { FailingSteps } from './failing-steps';
import { guardAgainstLoops } from './loop-guard';
import { RestartedWorkflows } from './repair/restarted-workflows';
import { openResources } from './open-resources';
import { ServiceFleet } from './service-fleet';
import { findService, workerServices } from './services';
import { installTemporalRuntime } from './temporal-runtime';

export interface RunningHost {
  url: string;
  /** Drains the Workers, then closes what they used. */
  stop(): Promise<void>;
}

/**
 * Runs the Workers of the named services, or of all, in this process, as platform.service_state wants them (D31).
 * @throws Error with one sentence for an unknown service, an unreachable Temporal or an unmigrated database
 */
export async function runWorkerHost(options: {
  config: Config;
  services: readonly string[];
  logger: Logger;
}): Promise<RunningHost> {
  const { config, logger } = options;
  const wanted = options.services.length === 0 ? workerServices : options.services.map(findService);
  installTemporalRuntime({ config, logger });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const resources = await openResources({ config, temporal: temporal.client, logger });
  const guard = guardAgainstLoops();
  const closeParts = () => Promise.allSettled([resources.close(), temporal.close(), guard.stop()]);

  try {
    const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
    await ensureSearchAttributes(temporal.connection, config.TEMPORAL_NAMESPACE);
    const failingSteps = new FailingSteps(resources.clock);
    const metrics = createMetrics({ process: 'worker' });
    failingSteps.expose(metrics.registry);

    if (wanted.some(({ activities }) => activities.includes('deployment'))) {
      exposeDriftedObjects(metrics.registry, resources.database);
    }
    const fleet = new ServiceFleet({ services: wanted, connection, config, resources, failingSteps, logger });
    await fleet.reconcile();
    fleet.keepReconciling();
    const loops = startBackgroundLoops({
      config,
      services: wanted,
      resources,
      temporal: temporal.client,
      restarted: new RestartedWorkflows(metrics.registry),
      logger,
    });
    await scheduleDriftLooks({ config, services: wanted, resources, temporal: temporal.client, logger });
    const operations = await startOperationsServer({
      host: config.HOST,
      port: config.WORKER_HEALTH_PORT,
      metrics,
      reports: { '/failing-steps': () => failingSteps.list() },
      checks: [
        { name: 'postgresql', check: () => resources.database.verify() },
        { name: 'temporal', check: () => temporal.verify() },
        { name: 'workers', check: () => fleet.verify() },
      ],
      coreMetricsUrl:
        config.TEMPORAL_METRICS_PORT === undefined
          ? undefined
          : `http://${config.HOST}:${config.TEMPORAL_METRICS_PORT}/metrics`,
    });
    logger.info({ services: wanted.map(({ name }) => name), url: operations.url }, 'the worker host runs');

    return {
      url: operations.url,
      async stop() {
        await loops.stop();
        await fleet.stop();
        await operations.close();
        await connection.close();
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}
