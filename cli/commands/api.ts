import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import { createLogger } from '../../platform/logger';
import { runUntilStopped } from '../run-until-stopped';

export function addApiCommand(program: Command): void {
  program
    .command('api')
    .description('serve the HTTP API on HOST:PORT')
    .action(async () => {
      const config = readConfig();
      const logger = createLogger({ level: config.LOG_LEVEL, name: 'api' });
      const { runApi } = await import('../../api/main.js');
      const api = await runApi({ config, logger });

      await runUntilStopped({ name: 'api', url: api.url, logger, stop: api.stop });
    });
}
