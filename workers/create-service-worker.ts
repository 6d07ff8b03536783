import { availableParallelism } from 'node:os';

import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';

import type { Config } from '../platform/config';
import { activitiesOf, type ActivityResources } from './activity-sets';
import { bundlePath } from './bundle-path';
import { type FailingSteps, watchSteps } from './failing-steps';
import { keepMappedStacks } from './mapped-stacks';
import { runWorkflowsPlainly } from './plain-workflows';
import type { ServiceDefinition } from './services';

/** Activities under way when a Worker is asked to stop get this long (below the deadline of the process). */
const shutdownGraceTime = '10 s';

/**
 * Tasks and steps that are under way at the same time. Somebody waits for an order: as many as come. Of the rest a few for
 * each core: more would be done no sooner, as all share processor, database and Temporal, and orders would be one of many.
 */
const many = { tasks: 40, steps: 32, polls: 5 };
const few = Math.max(4, 2 * availableParallelism());
const atOnce = (service: ServiceDefinition) =>
  service.workflows.includes('order') ? many : { tasks: few, steps: few, polls: Math.min(few, many.polls) };

/** One Worker on the service's own task queue. A service without workflows loads no bundle and polls little. */
export async function createServiceWorker(options: {
  service: ServiceDefinition;
  connection: NativeConnection;
  config: Config;
  resources: ActivityResources;
  failingSteps: FailingSteps;
}): Promise<Worker> {
  const { service, connection, config, resources, failingSteps } = options;
  const ownsWorkflows = service.workflows.length > 0;
  const { tasks, steps, polls } = atOnce(service);
  const size: Partial<WorkerOptions> = ownsWorkflows
    ? {
        workflowBundle: { codePath: bundlePath },
        maxCachedWorkflows: config.WORKER_CACHED_WORKFLOWS,
        maxConcurrentWorkflowTaskExecutions: tasks,
        maxConcurrentLocalActivityExecutions: steps,
        maxConcurrentWorkflowTaskPolls: polls,
        maxConcurrentActivityTaskPolls: service.activities.includes('provider') ? 3 : 1,
      }
    : { maxConcurrentActivityTaskPolls: 1, maxConcurrentActivityTaskExecutions: 10 };

  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: service.name,
    identity: `${service.name}@${process.pid}`,
    activities: activitiesOf(service, resources),
    interceptors: { activity: [watchSteps(failingSteps)] },
    shutdownGraceTime,
    ...(ownsWorkflows && !config.WORKFLOW_STACK_TRACES ? runWorkflowsPlainly() : {}),
    ...size,
  });
  keepMappedStacks();

  return worker;
}
