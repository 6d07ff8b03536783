import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../embedded/processes/run-command.mjs';
import { addFailure, emptyTally } from './tally.mjs';

/** Twice what the longest project takes on two slow cores. */
const DEADLINE_MS = 40 * 60_000;

/** Jest waits for whatever tests left open; after this time that is a failure. */
const LEAVE_WITHIN_MS = 20_000;
const MARK = '@progress ';

/**
 * Runs one project of jest.config.cjs and counts by Jest's own JSON.
 * @param {object} options
 * @param {string} options.project
 * @param {string} options.projectFolder
 * @param {string[]} options.patterns
 * @param {string} options.stateFolder
 * @param {NodeJS.ProcessEnv} options.env
 * @param {number} options.workers
 * @param {import('../../embedded/bootstrap/progress.mjs').Update} options.update
 * @param {(text: string) => void} options.report
 * @param {number} [options.leaveWithinMs]
 * @param {AbortSignal} [options.end] ends it before its deadline
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function runJestProject({
  project,
  projectFolder,
  patterns,
  stateFolder,
  env,
  workers,
  update,
  report,
  leaveWithinMs = LEAVE_WITHIN_MS,
  end,
}) {
  const tally = emptyTally(project);
  const outputFile = path.join(stateFolder, `${project}.json`);
  rmSync(outputFile, { force: true });
  const leave = new AbortController();
  end?.addEventListener('abort', () => leave.abort());
  /** What was told on the way, for a project that does not get to its end. */
  const heard = emptyTally(project);
  const open = new Set();
  let isStuck = false;
  let total = 0;

  const result = await runCommand({
    command: process.execPath,
    args: [
      path.join(projectFolder, 'node_modules/jest/bin/jest.js'),
      '--selectProjects',
      project,
      '--ci',
      '--json',
      `--outputFile=${outputFile}`,
      `--reporters=${fileURLToPath(new URL('./jest-progress.cjs', import.meta.url))}`,
      `--maxWorkers=${workers}`,
      ...patterns.flatMap((pattern) => ['--testPathPatterns', pattern]),
    ],
    cwd: projectFolder,
    env,
    timeoutMs: DEADLINE_MS,
    signal: leave.signal,
    keepLine: (line) => !line.startsWith(MARK),
    onLine: (line) => {
      if (!line.startsWith(MARK)) {
        return;
      }
      const message = JSON.parse(line.slice(MARK.length));
      total = message.total ?? total;
      if (message.complete) {
        setTimeout(() => {
          isStuck = true;
          leave.abort();
        }, leaveWithinMs).unref();
      } else if (message.begun) {
        open.add(message.begun);
      } else if (message.file) {
        open.delete(message.file);
        hear(heard, message, projectFolder);
        update(`${message.done} of ${total} files, ${message.tests} tests`);
        if (message.failed > 0) {
          report(`  ✗ ${path.relative(projectFolder, message.file)}: ${message.failed} failed`);
        }
      }
    },
  });
  writeFileSync(path.join(stateFolder, `${project}.log`), `${result.output}\n`);

  if (!existsSync(outputFile)) {
    const running = [...open].map((file) => path.relative(projectFolder, file)).join(', ');
    const why = total === 0 ? 'Jest could not run this project' : `It was ended while it ran ${running || 'nothing'}`;
    addFailure(heard, project, `${why}:\n${result.tail}`);
    return heard;
  }
  readResults(tally, JSON.parse(readFileSync(outputFile, 'utf8')), projectFolder);
  if (isStuck) {
    addFailure(tally, project, `Jest did not end within ${leaveWithinMs / 1000} s: a test left something open.`);
  } else if (result.code !== 0 && tally.failed === 0) {
    addFailure(tally, project, `Jest ended with status ${result.code}:\n${result.tail}`);
  } else if (tally.passed + tally.failed + tally.skipped === 0) {
    addFailure(tally, project, 'No tests were found.');
  }

  return tally;
}

/**
 * Counts a file as it was told of.
 * @param {import('./tally.mjs').Tally} heard
 * @param {{ file: string, passed: number, skipped: number, failed: number, failures: { name: string, text: string }[] }} message
 * @param {string} projectFolder
 */
function hear(heard, { file, passed, skipped, failed, failures }, projectFolder) {
  const name = path.relative(projectFolder, file);
  heard.passed += passed;
  heard.skipped += skipped;
  failures.forEach((failure) => addFailure(heard, `${name} › ${failure.name}`, failure.text));

  if (failed > failures.length) {
    addFailure(heard, name, 'It could not be loaded.');
  }
}

/**
 * @param {import('./tally.mjs').Tally} tally @param {any} json what Jest writes with --json @param {string} projectFolder
 */
function readResults(tally, json, projectFolder) {
  for (const suite of json.testResults) {
    const file = path.relative(projectFolder, suite.name);
    for (const test of suite.assertionResults) {
      const name = `${file} › ${test.fullName}`;
      if (test.status === 'passed') {
        tally.passed += 1;
      } else if (test.status === 'failed') {
        addFailure(tally, name, test.failureMessages.join('\n'));
      } else {
        tally.skipped += 1;
      }
      tally.timed.push({ name, durationMs: test.duration ?? 0 });
    }
    const hasFailedTest = suite.assertionResults.some((/** @type {any} */ test) => test.status === 'failed');
    if (suite.status === 'failed' && !hasFailedTest) {
      addFailure(tally, file, suite.message);
    }
  }
}
