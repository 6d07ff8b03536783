import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

import type { Config } from '../platform/config';
import { activitiesOf, type ActivityResources } from './activity-sets';
import { bundlePath } from './bundle-path';
import { type FailingSteps, watchSteps } from './failing-steps';
import type { ServiceDefinition } from './services';

/** Activities under way when a Worker is asked to stop get this long (below the deadline of the process). */
const shutdownGraceTime = '10 s';

/** One Worker on the service's own task queue. A service without workflows loads no bundle and polls little. */
export function createServiceWorker(options: {
  service: ServiceDefinition;
  connection: NativeConnection;
  config: Config;
  resources: ActivityResources;
  failingSteps: FailingSteps;
}): Promise<Worker> {
  const { service, connection, config, resources, failingSteps } = options;
  const ownsWorkflows = service.workflows.length > 0;
  const size: Partial<WorkerOptions> = ownsWorkflows
    ? {
        workflowBundle: { codePath: bundlePath },
        maxCachedWorkflows: config.WORKER_CACHED_WORKFLOWS,
        maxConcurrentWorkflowTaskExecutions: 40,
        maxConcurrentLocalActivityExecutions: 32,
        maxConcurrentWorkflowTaskPolls: 5,
        maxConcurrentActivityTaskPolls: service.activities.includes('provider') ? 3 : 1,
      }
    : { maxConcurrentActivityTaskPolls: 1, maxConcurrentActivityTaskExecutions: 10 };

  return Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: service.name,
    identity: `${service.name}@${process.pid}`,
    activities: activitiesOf(service, resources),
    interceptors: { activity: [watchSteps(failingSteps)] },
    shutdownGraceTime,
    ...size,
  });
}
