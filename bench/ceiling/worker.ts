import path from 'node:path';

import { NativeConnection, Worker } from '@temporalio/worker';

import { runWorkflowsPlainly } from '../../workers/plain-workflows';

/** A process of its own, as the worker host is: `node worker.js <address> [workflow file]`. Ends with its parent. */
async function run(address: string, workflowFile: string): Promise<void> {
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: 'bench-ceiling',
    workflowsPath: path.join(__dirname, workflowFile),
    activities: { doNothing: async () => ({ kind: 'placed', status: 'pending' }) },
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentLocalActivityExecutions: 32,
    maxConcurrentWorkflowTaskPolls: 5,
    maxCachedWorkflows: 400,
    // As the worker host has it.
    ...runWorkflowsPlainly(),
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.('ready');
  await worker.run();
}

void run(process.argv[2] ?? '127.0.0.1:7233', process.argv[3] ?? 'workflow.js');
