import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';

import { openTemporal } from '../../../platform/temporal/client';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';

const preload = path.resolve(__dirname, '../../../dist/workers/plain-workflow-threads.js');
const { temporalAddress } = testServers();

/** Runs a Worker that has preloaded it while `work` is done. */
async function whileWorking<Result>(namespace: string, work: () => Promise<Result>): Promise<Result> {
  const child = spawn(process.execPath, ['--require', preload, path.join(__dirname, 'worker-process.cjs')], {
    env: { PATH: process.env['PATH'], TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');

  try {
    await Promise.race([once(child.stdout, 'data'), ended]);

    return await work();
  } finally {
    child.stdin.end();
    await ended;
  }
}

it('a worker that preloads it runs workflows, and says that it notes no stacks', async () => {
  const namespace = await claimNamespace();
  const temporal = openTemporal({ address: temporalAddress, namespace });
  // It waits for an activity that nobody carries out.
  const handle = await temporal.client.workflow.start('testClock', {
    workflowId: 'test-clock/1',
    taskQueue: 'subscription-svc',
    args: [{ companyId: 1, testClockId: 1 }],
  });
  const stacks = () => handle.query<string>('__stack_trace').catch((error: Error) => error.message);
  const plain = await whileWorking(namespace, stacks);
  const { pendingActivities } = (await handle.describe()).raw;
  await handle.terminate('the test is over');
  await temporal.close();

  expect(pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['advanceTestClock']);
  expect(plain).toContain('This worker notes no stacks');
  expect(plain).toContain('advancing; see the row of the clock');
});

it('says to a thread that asks for stacks how to have them, and leaves the main thread alone', async () => {
  const script = `
    const { isMainThread, Worker, parentPort } = require('node:worker_threads');
    const say = isMainThread ? console.log : (words) => parentPort.postMessage(words);
    try {
      require('node:v8').promiseHooks.createHook({ init() {} });
      say('hooked');
    } catch (error) {
      say(error.message);
    }
    if (isMainThread) {
      new Worker(process.argv[1], { eval: true }).on('message', say);
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--require', preload, '--eval', script, script]);

  expect(stdout.trim().split('\n')).toEqual([
    'hooked',
    'Stacks of promises are not noted. Set WORKFLOW_STACK_TRACES=true to have them.',
  ]);
});
