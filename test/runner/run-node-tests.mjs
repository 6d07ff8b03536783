import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../embedded/processes/run-command.mjs';
import { addFailure, emptyTally } from './tally.mjs';

const DEADLINE_MS = 15 * 60_000;

/** For one file, and so for each test in it: one that hangs must not keep the others from being counted. */
const FILE_DEADLINE_MS = 8 * 60_000;

/**
 * Runs test files with Node's own runner: those of what must work before any package is installed.
 * @param {object} options
 * @param {string} options.step
 * @param {string[]} options.files
 * @param {string} options.projectFolder
 * @param {string} options.stateFolder
 * @param {NodeJS.ProcessEnv} options.env
 * @param {import('../../embedded/bootstrap/progress.mjs').Update} options.update
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runNodeTests({ step, files, projectFolder, stateFolder, env, update }) {
  const tally = emptyTally(step);
  const eventFile = path.join(stateFolder, `${step}.jsonl`);
  rmSync(eventFile, { force: true });
  let ended = 0;
  const result = await runCommand({
    command: process.execPath,
    args: [
      '--test',
      '--test-concurrency=1',
      `--test-timeout=${FILE_DEADLINE_MS}`,
      `--test-reporter=${new URL('./node-events.mjs', import.meta.url).href}`,
      `--test-reporter-destination=${eventFile}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      ...files,
    ],
    cwd: projectFolder,
    // Set where we are ourselves under test; with it, Node would not run these files at all.
    env: { ...env, NODE_TEST_CONTEXT: undefined },
    timeoutMs: DEADLINE_MS,
    onLine: (line) => {
      if (/^\s*[✔✖]/.test(line)) {
        ended += 1;
        update(`${ended} tests`);
      }
    },
  });
  writeFileSync(path.join(stateFolder, `${step}.log`), `${result.output}\n`);

  const events = existsSync(eventFile) ? readFileSync(eventFile, 'utf8').trim().split('\n').filter(Boolean) : [];
  for (const event of events.map((line) => JSON.parse(line))) {
    const name = `${path.relative(projectFolder, event.file ?? step)} › ${event.name}`;
    if (event.outcome === 'failed') {
      addFailure(tally, name, event.text);
    } else if (event.outcome === 'passed') {
      tally.passed += 1;
    } else {
      tally.skipped += 1;
    }
    tally.timed.push({ name, durationMs: event.durationMs });
  }
  if (tally.passed + tally.failed + tally.skipped === 0) {
    addFailure(tally, step, `No tests were found.\n${result.tail}`);
  } else if (result.code !== 0 && tally.failed === 0) {
    addFailure(tally, step, `Node's test runner ended with status ${result.code}:\n${result.tail}`);
  }

  return tally;
}
