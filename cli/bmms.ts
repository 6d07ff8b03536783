#!/usr/bin/env node
import { Command } from 'commander';

import { addApiCommand } from './commands/api';
import { addPriceMoveCommand } from './commands/price-move';
import { addClockCommand } from './commands/clock';
import { addDocsCommand } from './commands/docs';
import { addDoctorCommand } from './commands/doctor';
import { addInstallationCommand } from './commands/installation';
import { addModelCommand } from './commands/model';
import { addManifestsCommand } from './commands/manifests';
import { addMigrateCommand } from './commands/migrate';
import { addPurgeCommand } from './commands/purge';
import { addSandboxCommand } from './commands/sandbox';
import { addSeedCommand } from './commands/seed';
import { addSubscriptionCommand } from './commands/subscription';
import { addUserCommand } from './commands/user';
import { addWorkerCommand } from './commands/worker';
import { describeFailure } from './describe-failure';

const program = new Command('bmms').description(
  'One backend for a shop, a subscription business or a freemium product.',
);

for (const add of [
  addMigrateCommand,
  addSeedCommand,
  addApiCommand,
  addWorkerCommand,
  addSandboxCommand,
  addInstallationCommand,
  addDoctorCommand,
  addPurgeCommand,
  addDocsCommand,
  addUserCommand,
  addSubscriptionCommand,
  addClockCommand,
  addPriceMoveCommand,
  addModelCommand,
  addManifestsCommand,
]) {
  add(program);
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
});
