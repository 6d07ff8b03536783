import type { NativeConnection, Worker } from '@temporalio/worker';

import { readServiceStates } from '../domain/deployments/read-service-states';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/logger';
import type { ActivityResources } from './activity-sets';
import { createServiceWorker } from './create-service-worker';
import type { FailingSteps } from './failing-steps';
import type { ServiceDefinition } from './services';

/** A switch waits for it. Milliseconds. */
const reconcileEveryMs = 500;

interface RunningWorker {
  worker: Worker;
  ended: Promise<void>;
  /** epoch milliseconds */
  startedAt: number;
}

/** The Workers of one process, kept as platform.service_state wants them where they run locally: stopped services have none (D31). */
export class ServiceFleet {
  private readonly running = new Map<string, RunningWorker>();
  private wanted = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;
  private underWay: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      services: readonly ServiceDefinition[];
      connection: NativeConnection;
      config: Config;
      resources: ActivityResources;
      failingSteps: FailingSteps;
      logger: Logger;
    },
  ) {}

  /** Starts and stops Workers until they are as wanted. */
  async reconcile(): Promise<void> {
    const { config, resources } = this.options;
    // On a cluster it is the cluster that starts and stops: whoever runs is wanted.
    const states = config.DEPLOYMENT_TARGET === 'local' ? await readServiceStates(resources.database) : null;
    const isWanted = ({ name }: ServiceDefinition) => states?.get(name)?.state !== 'stopped';
    this.wanted = new Set(this.options.services.filter(isWanted).map(({ name }) => name));
    await Promise.all(
      this.options.services.map(async (service) => {
        const current = this.running.get(service.name);
        const begunAt = states?.get(service.name)?.begunAt?.getTime() ?? 0;
        // Stopped and begun again between two looks: who begins it waits for a Worker that has asked for work since.
        const isOvertaken = current !== undefined && current.startedAt < begunAt;

        if (current !== undefined && (!isWanted(service) || isOvertaken)) {
          await this.drain(current);
          this.options.logger.info({ service: service.name }, 'the service is stopped');
        }

        if (!this.running.has(service.name) && isWanted(service) && !this.isStopping) {
          await this.start(service);
        }
      }),
    );
  }

  keepReconciling(): void {
    this.timer = setInterval(() => {
      this.underWay = this.underWay
        .then(() => this.reconcile())
        .catch((err: unknown) =>
          this.options.logger.warn({ err }, 'the wanted services could not be read; trying again'),
        );
    }, reconcileEveryMs);
  }

  /** @throws Error that names a Worker that does not run although it has to */
  async verify(): Promise<void> {
    const broken = this.options.services
      .map(({ name }) => name)
      .filter((name) => this.wanted.has(name) && this.running.get(name)?.worker.getState() !== 'RUNNING');

    if (broken.length > 0) {
      throw new Error(`Not running: ${broken.join(', ')}`);
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.underWay;
    const all = [...this.running.values()];
    await Promise.all(all.map((one) => this.drain(one)));
  }

  /** Lets what is under way end. */
  private async drain({ worker, ended }: RunningWorker): Promise<void> {
    if (worker.getState() === 'RUNNING') {
      worker.shutdown();
    }
    await ended;
  }

  private async start(service: ServiceDefinition): Promise<void> {
    const startedAt = this.options.resources.clock.now().getTime();
    const worker = await createServiceWorker({ ...this.options, service });
    const ended = worker
      .run()
      .catch((err: unknown) =>
        this.options.logger.error({ err, service: service.name }, 'a Worker failed; it is started again'),
      )
      .finally(() => this.running.delete(service.name));
    this.running.set(service.name, { worker, ended, startedAt });
  }
}
