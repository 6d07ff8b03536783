import { spawn } from 'node:child_process';
import path from 'node:path';

import type { Command } from 'commander';

import type { ClientParts } from '../../clients/client-parts';
import { systemClock } from '../../platform/clock';
import { type Config, readConfig } from '../../platform/config';
import type { RepairCounts } from '../../workers/repair/repair-workflows';
import { runningEnvironment } from '../running-environment';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what is missing and how to mend it')
    .option('--repair', 'start the workflows that rows in PostgreSQL need and Temporal does not have')
    .option('--workflows', 'look at nothing but the workflows of the system that runs')
    .allowUnknownOption()
    .argument('[arguments...]')
    .action((given: string[], options: { repair?: boolean; workflows?: boolean }) =>
      options.repair === true ? repair() : options.workflows === true ? lookAtWorkflows() : look(given),
    );
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

  if (runningEnvironment()['DATABASE_URL'] !== undefined) {
    await lookAtWorkflows();
  }
}

/** Rows without a workflow, subscriptions that are behind, and steps that keep failing. Changes nothing. */
async function lookAtWorkflows(): Promise<void> {
  await withParts(async (parts, config) => {
    const { examineWorkflows } = await import('../../workers/repair/examine-workflows.js');
    const findings = await examineWorkflows(parts, {
      failingStepsUrl: `http://${config.HOST}:${config.WORKER_HEALTH_PORT}/failing-steps`,
      renewalsPerSecond: config.RENEWALS_PER_SECOND,
      now: systemClock.now(),
    });

    for (const { isWell, text } of findings) {
      process.stdout.write(`${isWell ? '✓' : '✗'} ${text}\n`);
    }

    if (findings.some(({ isWell }) => !isWell)) {
      process.exitCode = 1;
    }
  });
}

async function repair(): Promise<void> {
  await withParts(async (parts) => {
    const { repairs } = await import('../../workers/repair/repair-workflows.js');

    for (const [what, repairOne] of Object.entries(repairs)) {
      const counts = await repairOne(parts, { isMending: true, onProgress: progressOf(what), onFailed: tellFailure });
      process.stdout.write(`${what}: ${told(counts)}.\n`);
    }
  });
}

/** Milliseconds between two lines that say how far it is. */
const toldEveryMs = 5_000;

/** When there are many, standard error says how far it is. */
function progressOf(what: string): (counts: RepairCounts) => void {
  let toldAt = systemClock.now().getTime();

  return ({ wanted, lost }) => {
    if (systemClock.now().getTime() - toldAt >= toldEveryMs) {
      toldAt = systemClock.now().getTime();
      process.stderr.write(`${what}: ${wanted} looked at, ${lost} started again so far …\n`);
    }
  };
}

function tellFailure(workflowId: string, error: unknown): void {
  process.stderr.write(
    `${workflowId} could not be started: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

async function withParts(work: (parts: ClientParts, config: Config) => Promise<void>): Promise<void> {
  const config = readConfig(runningEnvironment());
  const [{ openDatabase }, { openTemporal }] = await Promise.all([
    import('../../platform/db/database.js'),
    import('../../platform/temporal/client.js'),
  ]);
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: 4 });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

  try {
    await Promise.all([database.verify(), temporal.verify(10_000)]);
    await work({ database, temporal: temporal.client }, config);
  } finally {
    await Promise.allSettled([database.close(), temporal.close()]);
  }
}

const told = ({ wanted, lost }: RepairCounts): string =>
  `${wanted}, of which ${wanted - lost} had their workflow and ${lost} were started again`;
