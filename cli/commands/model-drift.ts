import type { Command } from 'commander';

import type { DriftReport } from '../../domain/deployments/drift/drift-types';
import { printDetails } from '../print-result';
import { withRunningSystem } from '../with-running-system';

interface Options {
  company?: string;
  json?: boolean;
  mend?: boolean;
}

/** A rollout of what is mended may take minutes. */
const patienceMs = 600_000;

/** `bmms model drift`: whether what runs is as it was deployed, and putting it right. Ends with 1 while something differs. */
export function addDriftCommand(command: Command): void {
  command
    .description('look whether what runs is as it was deployed; status 1: something differs')
    .option('--mend', 'put it right: deploy what is missing or changed, delete what no revision names')
    .action(drift);
}

async function drift(options: Options): Promise<void> {
  await withRunningSystem(options.company, async ({ temporal, config }) => {
    const { lookAtTarget } = await import('../../clients/drift-client.js');
    const mode = options.mend === true ? 'mend' : 'look';
    const report = await lookAtTarget(temporal, { kind: config.DEPLOYMENT_TARGET, mode, patienceMs });
    print(report, options);
  });
}

function print(report: DriftReport, options: Options): void {
  const { target, revision, isBusy, changes, superfluous, outcome, says } = report;

  if (options.json === true) {
    printDetails({ ...report }, options);
  } else {
    const differs = changes.length + superfluous.length > 0;
    const stands = isBusy ? 'a deployment is under way' : differs ? outcome.replace('_', ' ') : 'as it was deployed';
    process.stdout.write(
      [`${target}, revision ${revision ?? 'none'}: ${stands}`, ...says].map((line) => `${line}\n`).join(''),
    );
  }

  if (changes.length + superfluous.length > 0 && outcome !== 'mended') {
    process.exitCode = 1;
  }
}
