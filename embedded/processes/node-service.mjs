import path from 'node:path';
import { startChild } from './child-process.mjs';
import { delay } from './delay.mjs';
import { tailOf } from './log-tail.mjs';
import { Problem } from '../bootstrap/problem.mjs';

const READY_WITHIN_MS = 60_000;

/** The program that carries every part of the product. */
export const CLI = path.join('dist', 'cli', 'bmms.js');

/**
 * Starts a part of the product and waits until it says on its channel that it is ready.
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.node the executable it runs on
 * @param {string[]} options.args of the CLI
 * @param {string} options.projectFolder
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.logFile
 * @param {string} options.token
 * @param {number} options.drainMs how long it may take to finish what it has in hand
 * @param {(child: import('./child-process.mjs').Child) => void} options.onChild
 * @returns {Promise<import('./child-process.mjs').Child>}
 */
export async function startNodeService({ name, node, args, projectFolder, env, logFile, token, drainMs, onChild }) {
  const child = await startChild({
    name,
    command: node,
    args: [
      '--enable-source-maps',
      // The young generation grows to three times this: smaller ones are cleaned so often that an order costs a tenth more.
      `--max-semi-space-size=${args[0] === 'sandbox' ? 4 : 16}`,
      path.join(projectFolder, CLI),
      ...args,
    ],
    cwd: projectFolder,
    // Few arenas: glibc gives each of the many native threads one, and the memory they free stays with them.
    env: { MALLOC_ARENA_MAX: '2', ...env },
    logFile,
    token,
    ipc: true,
    stopLadder: [{ signal: 'SIGTERM', waitMs: drainMs }],
  });
  onChild(child);

  const timer = new AbortController();
  const outcome = await Promise.race([
    child.ready.then(() => 'ready'),
    child.exited.then(() => 'ended'),
    delay(READY_WITHIN_MS, timer.signal).then(() => 'late'),
  ]);
  timer.abort();
  if (outcome === 'ready') {
    return child;
  }
  await child.stop();
  throw new Problem(
    outcome === 'late' ? `${name} was not ready within ${READY_WITHIN_MS / 1000} s.` : `${name} did not start.`,
    { detail: tailOf(child.printed()), mend: `Its log is ${logFile}.` },
  );
}
