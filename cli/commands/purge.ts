import { type Command, InvalidArgumentError } from 'commander';

import { systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';
import { runningEnvironment } from '../running-environment';
import { wholeNumber } from './subscription';

/** As long as somebody may still ask what a customer was told. */
const keepNoticesForDays = 90;

/** More than these lie before all rows. */
const mostDays = 36_500;

function days(text: string): number {
  const number = wholeNumber(text);

  if (number > mostDays) {
    throw new InvalidArgumentError(`It must be at most ${mostDays}.`);
  }

  return number;
}

export function addPurgeCommand(program: Command): void {
  program
    .command('purge')
    .description(
      'delete what is past its time: idempotency keys after 7 days, notices that were sent or skipped, attempts to sign in',
    )
    .option('--notice-days <days>', 'keep notices for so long', days, keepNoticesForDays)
    .action(async ({ noticeDays }: { noticeDays: number }) => {
      const config = readConfig(runningEnvironment());
      const [{ openDatabase }, { purgeIdempotencyKeys }, { purgeNotices }, { purgeLoginAttempts }] = await Promise.all([
        import('../../platform/db/database.js'),
        import('../../api/http/idempotency/purge-idempotency-keys.js'),
        import('../../domain/notifications/purge-notices.js'),
        import('../../domain/identity/passwords/purge-login-attempts.js'),
      ]);
      const database = openDatabase({ url: config.DATABASE_URL, poolSize: 1 });

      try {
        const now = systemClock.now();
        const keys = await purgeIdempotencyKeys(database, now);
        const notices = await purgeNotices(database, { before: new Date(now.getTime() - noticeDays * 86_400_000) });
        await purgeLoginAttempts(database, now);
        process.stdout.write(`Purged ${keys} idempotency keys and ${notices} notices.\n`);
      } finally {
        await database.close();
      }
    });
}
