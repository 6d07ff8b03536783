import path from 'node:path';

import type { Command } from 'commander';

import { requireAdminUrl } from '../require-admin-url';
import { readConfig } from '../../platform/config';

/** From dist/cli/commands and from cli/commands alike. */
export function migrationsDirectory(): string {
  const above = path.resolve(__dirname, '..', '..');

  return path.join(path.basename(above) === 'dist' ? path.dirname(above) : above, 'prisma', 'migrations');
}

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('create the roles and bring the database to this version (DATABASE_ADMIN_URL)')
    .action(async () => {
      const config = readConfig();
      const { migrateDatabase } = await import('../../platform/db/migrate.js');
      const report = await migrateDatabase({
        adminUrl: requireAdminUrl(config),
        appPassword: config.DATABASE_APP_PASSWORD,
        directory: migrationsDirectory(),
        onApply: (name) => process.stdout.write(`applying ${name}\n`),
      });

      process.stdout.write(
        report.applied.length === 0
          ? `The database is up to date (${report.alreadyApplied} migrations).\n`
          : `Applied ${report.applied.length} migrations; ${report.alreadyApplied} had been applied before.\n`,
      );
    });
}
