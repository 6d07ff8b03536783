import type { Command } from 'commander';

import { systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';

export function addSeedCommand(program: Command): void {
  program
    .command('seed')
    .description('put the demo company in place; may be repeated; refused in production')
    .action(async () => {
      const config = readConfig();

      if (config.isProduction) {
        throw new Error('NODE_ENV=production seeds nothing. Create companies and users with `bmms user create`.');
      }
      const [{ openDatabase }, { seedDemo }] = await Promise.all([
        import('../../platform/db/database.js'),
        import('../seed/seed-demo.js'),
      ]);
      const database = openDatabase({ url: config.DATABASE_URL, poolSize: 2 });

      try {
        await seedDemo({ config, database, now: systemClock.now() });
      } finally {
        await database.close();
      }
    });
}
