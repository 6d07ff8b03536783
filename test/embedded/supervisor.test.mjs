import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { startChild } from '../../embedded/processes/child-process.mjs';
import { delay } from '../../embedded/processes/delay.mjs';
import { Problem } from '../../embedded/bootstrap/problem.mjs';
import { createSupervisor, keepOnItsPort } from '../../embedded/processes/supervisor.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const silent = { line: () => undefined, step: (/** @type {string} */ _title, /** @type {any} */ work) => work() };

/**
 * A service that does nothing until it is ended, under a supervisor whose reports are kept.
 * @param {import('node:test').TestContext} t
 */
function startWatching(t) {
  const folder = temporaryFolder(t);
  /** @type {string[]} */
  const reports = [];
  const supervisor = createSupervisor(path.join(folder, 'processes.json'), (text) => reports.push(text));
  const launch = async () => {
    const child = await startChild({
      name: 'Idler',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      env: process.env,
      cwd: folder,
      logFile: path.join(folder, 'idler.log'),
      stopLadder: [{ signal: 'SIGTERM', waitMs: 5_000 }],
      token: supervisor.token,
    });
    supervisor.onChild(child);
    return child;
  };
  const reported = async (/** @type {number} */ count) => {
    while (reports.length < count) {
      await delay(10);
    }
    return reports;
  };

  return { supervisor, launch, reported };
}

test('a service that dies again while it is started again is tried once more', async (t) => {
  const { supervisor, launch, reported } = startWatching(t);
  let starts = 0;
  let first = /** @type {import('../../embedded/processes/child-process.mjs').Child | null} */ (null);
  await supervisor.keep('Idler', async () => {
    starts += 1;
    if (starts === 2) {
      throw new Problem('The disk was busy.');
    }
    const child = await launch();
    first ??= child;
    return child;
  });
  first?.kill();

  assert.deepEqual(await reported(3), [
    'Idler ended unexpectedly (by SIGKILL); starting it again',
    'Idler did not come up; trying again',
    'Idler is up again',
  ]);
  assert.equal(await supervisor.stop(silent), true);
});

test('a server that comes up on another port is ended, because nobody would find it', async (t) => {
  const { supervisor, launch, reported } = startWatching(t);
  /** @type {import('../../embedded/processes/child-process.mjs').Child[]} */
  const children = [];
  const { port } = await keepOnItsPort(supervisor, 'Idler', async (former) => {
    const child = await launch();
    children.push(child);
    // Its port is taken the first time it is wanted back.
    return { child, port: former !== null && children.length === 2 ? former.port + 1 : 7_000 };
  });
  children[0]?.kill();
  await reported(3);

  assert.equal(port, 7_000);
  assert.deepEqual(
    children.map((child) => child.exit() === null),
    [false, false, true],
  );
  assert.equal(await supervisor.stop(silent), true);
});
