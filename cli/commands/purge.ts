import type { Command } from 'commander';

import { systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';

export function addPurgeCommand(program: Command): void {
  program
    .command('purge')
    .description('delete what is past its time: idempotency keys older than 7 days')
    .action(async () => {
      const config = readConfig();
      const [{ openDatabase }, { purgeIdempotencyKeys }] = await Promise.all([
        import('../../platform/db/database.js'),
        import('../../api/http/purge-idempotency-keys.js'),
      ]);
      const database = openDatabase({ url: config.DATABASE_URL, poolSize: 1 });

      try {
        const purged = await purgeIdempotencyKeys(database, systemClock.now());
        process.stdout.write(`Purged ${purged} idempotency keys.\n`);
      } finally {
        await database.close();
      }
    });
}
