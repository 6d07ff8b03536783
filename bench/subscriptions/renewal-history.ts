import { setTimeout as delay } from 'node:timers/promises';

import { Client, Connection } from '@temporalio/client';

export interface HistorySize {
  events: number;
  bytes: number;
  runs: number;
}

/** All runs of a workflow together, over continue-as-new. */
export async function historySize(address: string, workflowId: string): Promise<HistorySize> {
  const connection = await Connection.connect({ address });

  try {
    const { workflow } = new Client({ connection });
    // Visibility lags a little behind.
    await delay(2_000);
    const total = { events: 0, bytes: 0, runs: 0 };

    for await (const { runId } of workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      const { historyLength, historySize: bytes = 0 } = await workflow.getHandle(workflowId, runId).describe();
      total.events += historyLength;
      total.bytes += bytes;
      total.runs += 1;
    }

    return total;
  } finally {
    await connection.close();
  }
}
