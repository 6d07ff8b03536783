import type { Command } from 'commander';

export function addInstallationCommand(program: Command): void {
  program.command('installation').description('agreement of PostgreSQL and Temporal about whose data they hold');
}
