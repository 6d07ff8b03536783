import { spawn } from 'node:child_process';
import path from 'node:path';

import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import type { RepairCounts } from '../../workers/repair/repair-workflows';
import { runningEnvironment } from '../running-environment';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what is missing and how to mend it')
    .option('--repair', 'start the workflows that rows in PostgreSQL need and Temporal does not have')
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((given: string[], options: { repair?: boolean }) => (options.repair === true ? repair() : look(given)));
}

/** The doctor is plain JavaScript, so that it also works where nothing is installed or compiled yet. */
async function look(given: string[]): Promise<void> {
  const above = path.resolve(__dirname, '..', '..');
  const project = path.basename(above) === 'dist' ? path.dirname(above) : above;
  const child = spawn(process.execPath, [path.join(project, 'embedded', 'doctor.mjs'), ...given], {
    stdio: 'inherit',
  });

  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function repair(): Promise<void> {
  const config = readConfig(runningEnvironment());
  const [{ openDatabase }, { openTemporal }, { repairs }] = await Promise.all([
    import('../../platform/db/database.js'),
    import('../../platform/temporal/client.js'),
    import('../../workers/repair/repair-workflows.js'),
  ]);
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: 4 });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

  try {
    await Promise.all([database.verify(), temporal.verify(10_000)]);
    const parts = { database, temporal: temporal.client };

    for (const [what, repairOne] of Object.entries(repairs)) {
      process.stdout.write(`${what}: ${told(await repairOne(parts))}.\n`);
    }
  } finally {
    await Promise.allSettled([database.close(), temporal.close()]);
  }
}

const told = ({ wanted, lost }: RepairCounts): string =>
  `${wanted}, of which ${wanted - lost} had their workflow and ${lost} were started again`;
