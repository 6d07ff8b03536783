import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { Client, Connection } from '@temporalio/client';

/** An invoice ahead of the boundary, then the boundary. */
const turnsPerRenewal = 2;

/**
 * Drives workflows of a subscription's shape, whose steps do nothing, through as many renewals in the same groups as a test
 * clock does, straight through a Temporal client on the same server.
 * @returns seconds
 */
export async function measureRenewalCeiling(
  address: string,
  { groups, perGroup, renewals }: { groups: number; perGroup: number; renewals: number },
): Promise<number> {
  const worker = fork(path.join(__dirname, 'worker.js'), [address, 'renewal-workflow.js'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(worker, 'message');
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const run = String(performance.now());
  const idOf = (group: number, nth: number) => `renewal-ceiling/${run}/${group}/${nth}`;
  const eachOf = (group: number, one: (workflowId: string) => Promise<unknown>) =>
    Promise.all(Array.from({ length: perGroup }, (_, nth) => one(idOf(group, nth))));

  for (let group = 0; group < groups; group += 1) {
    await eachOf(group, (workflowId) =>
      workflow.start('renewalCeiling', {
        workflowId,
        taskQueue: 'bench-ceiling',
        args: [{ companyId: 1, subscriptionId: group }],
      }),
    );
  }
  const startedAt = performance.now();

  for (let turn = 0; turn < renewals * turnsPerRenewal; turn += 1) {
    for (let group = 0; group < groups; group += 1) {
      await eachOf(group, (workflowId) =>
        workflow
          .getHandle(workflowId)
          .executeUpdate('clockAdvanced', { args: [{ now: turn }], updateId: `clock:${turn}` }),
      );
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  worker.disconnect();
  await once(worker, 'exit');
  await connection.close();

  return seconds;
}
