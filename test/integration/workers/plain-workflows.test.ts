import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';

import { openTemporal } from '../../../platform/temporal/client';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';

const dist = path.resolve(__dirname, '../../../dist');
const { temporalAddress } = testServers();
const seconds = 1_000;

/** Runs a Worker of its own process while `work` is done. @returns what it said, and how many threads of workflows it had */
async function whileWorking<Result>(
  namespace: string,
  mode: 'plain' | 'as the SDK has it',
  work: () => Promise<Result>,
): Promise<{ result: Result; threads: string }> {
  const child = spawn(process.execPath, [path.join(__dirname, 'worker-process.cjs'), mode], {
    env: { PATH: process.env['PATH'], TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');

  try {
    const [said] = (await Promise.race([once(child.stdout, 'data'), ended])) as [unknown];

    return { result: await work(), threads: String(said).trim() };
  } finally {
    child.stdin.end();
    await ended;
  }
}

it.each([
  ['plain', 'threads: 0', /This worker notes no stacks/],
  ['as the SDK has it', 'threads: 1', /at runAdvance|at testClock|test-clock\.ts/],
] as const)('a worker runs workflows %s', async (mode, threads, stacks) => {
  const namespace = await claimNamespace();
  const temporal = openTemporal({ address: temporalAddress, namespace });
  // It waits for an activity that nobody carries out.
  const handle = await temporal.client.workflow.start('testClock', {
    workflowId: 'test-clock/1',
    taskQueue: 'subscription-svc',
    args: [{ companyId: 1, testClockId: 1 }],
  });
  const ask = () => handle.query<string>('__stack_trace').catch((error: Error) => error.message);
  const told = await whileWorking(namespace, mode, ask);
  const { pendingActivities } = (await handle.describe()).raw;
  await handle.terminate('the test is over');
  await temporal.close();

  expect(pendingActivities?.map(({ activityType }) => activityType?.name)).toEqual(['advanceTestClock']);
  expect(told.threads).toBe(threads);
  expect(told.result).toMatch(stacks);
});

const runScript = (script: string) =>
  promisify(execFile)(process.execPath, ['--enable-source-maps', '--eval', script], { cwd: dist });

it('errors outside workflows still name TypeScript, and those of other contexts are left to the SDK', async () => {
  const { stdout } = await runScript(`
    const { keepMappedStacks } = require('./workers/mapped-stacks.js');
    Error.prepareStackTrace = () => 'by the SDK';
    keepMappedStacks();
    keepMappedStacks();
    const { AppError } = require('./domain/errors.js');
    const { readPage } = { readPage: () => AppError.fromJSON({ code: 'not_found', status: 404, detail: 'gone' }) };
    console.log(readPage().stack);
    console.log(require('node:vm').runInNewContext('new Error("within").stack'));
  `);
  const lines = stdout.trim().split('\n');

  expect(lines[0]).toContain('gone');
  expect(lines[1]).toMatch(/^ {4}at .*domain\/errors\.ts:\d+:\d+\)?$/);
  expect(lines.at(-1)).toBe('by the SDK');
});

it('ends a process whose loop does not turn, and says so; one that works long in pieces goes on', async () => {
  const guarded = (work: string) => `
    const { guardAgainstLoops } = require('./workers/loop-guard.js');
    guardAgainstLoops(2);
    ${work}`;
  const looping = await runScript(guarded('setTimeout(() => { for (;;); }, 1500);')).catch(
    (error: { signal: string; stdout: string }) => error,
  );
  const working = await runScript(
    guarded(`
    const until = Date.now() + ${4 * seconds};
    const piece = () => { const end = Date.now() + 300; while (Date.now() < end); if (Date.now() < until) setTimeout(piece); else console.log('done'); };
    piece();`),
  );

  expect(looping).toMatchObject({ signal: 'SIGKILL' });
  expect(JSON.parse(looping.stdout)).toMatchObject({
    level: 60,
    msg: expect.stringContaining('without end') as string,
  });
  expect(working.stdout.trim()).toBe('done');
});
