import { setTimeout as sleep } from 'node:timers/promises';

import type { DeploymentRow } from '../../domain/deployments/row/deployment-row';
import { printDetails, printResult } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';
import { partsOf } from './model-parts';
import { type Options, say, type SwitchWords } from './model-wish';

export async function status(id: number | undefined, options: SwitchWords): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const { read, list } = await partsOf(system);
    const [latest] = id === undefined ? await list(1) : [await read(id)];

    if (latest === undefined) {
      say('no switch yet');
    } else if (options.watch === true) {
      await watch(system, latest.id, options);
    } else {
      printRow(latest, options);
    }
  });
}

export async function history(options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const rows = await (await partsOf(system)).list(20);
    printResult(
      rows.map(({ id, status: stands, plan: { from, to }, target, createdAt, outcome }) => ({
        id,
        status: stands,
        from,
        to,
        target: target.kind,
        createdAt: createdAt.toISOString(),
        outcome,
      })),
      options,
    );
  });
}

/** Prints what happens as it happens, until the switch is over or waits for a person. */
export async function watch(system: RunningSystem, id: number, options: Options): Promise<void> {
  const { read } = await partsOf(system);
  let told = 0;

  for (;;) {
    const row = await read(id);

    if (options.json !== true) {
      row.steps
        .slice(told)
        .forEach(({ at, status: stands, says }) => say(`${at.slice(11, 23)}  ${stands.padEnd(17)}  ${says}`));
    }
    told = row.steps.length;

    if (row.endedAt !== null || (row.status === 'awaiting_approval' && row.approvedAt === null)) {
      printRow(row, options);

      if (row.endedAt !== null && row.status !== 'succeeded' && row.status !== 'cancelled') {
        process.exitCode = 1;
      }

      return;
    }
    await sleep(200);
  }
}

function printRow(row: DeploymentRow, options: Options): void {
  const {
    id,
    status: stands,
    plan: { from, to },
    target,
    planHash,
    retiring,
    outcome,
  } = row;
  printDetails(
    { id, status: stands, from, to, target: target.kind, planHash, retiring: retiring.join(' '), outcome },
    options,
  );
}
