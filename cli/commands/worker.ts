import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import { createLogger } from '../../platform/logger';
import { runUntilStopped } from '../run-until-stopped';

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run the Temporal Workers of some services, or of all')
    .argument('[services...]', 'names such as order-svc; none means all')
    .action(async (services: string[]) => {
      const config = readConfig();
      const logger = createLogger({ level: config.LOG_LEVEL, name: 'worker' });
      const { runWorkerHost } = await import('../../workers/host.js');
      const host = await runWorkerHost({ config, services, logger });

      await runUntilStopped({ name: 'worker', url: host.url, logger, stop: host.stop });
    });
}
