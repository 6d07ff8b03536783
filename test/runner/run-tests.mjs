import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { dataFolders, makeDataFolder } from '../../embedded/bootstrap/folders.mjs';
import { tryLock } from '../../embedded/processes/lock.mjs';
import { prepareProject } from '../../embedded/bootstrap/prepare-project.mjs';
import { describeProblem, Problem } from '../../embedded/bootstrap/problem.mjs';
import { createProgress, elapsed } from '../../embedded/bootstrap/progress.mjs';
import { killRunningCommands } from '../../embedded/processes/run-command.mjs';
import { listenForStop } from '../../embedded/processes/stop-signals.mjs';
import { obtainTemporal } from '../../embedded/temporal/temporal-binary.mjs';
import { startClusterWhenNeeded } from './kubernetes/cluster-of-run.mjs';
import { findFiles, planSteps, STATIC_STEPS } from './plan-steps.mjs';
import { printSummary } from './print-summary.mjs';
import { runJestProject } from './run-jest-project.mjs';
import { runNodeTests } from './run-node-tests.mjs';
import { runStaticCheck } from './run-static-check.mjs';
import { failedTally, emptyTally } from './tally.mjs';
import { startTestServers } from './test-servers.mjs';

/** Suites that need the shared servers, and those that need compiled code. */
const WITH_SERVERS = ['integration', 'end-to-end', 'crash', 'kubernetes'];
const WITH_BUILD = ['integration', 'end-to-end', 'crash', 'embedded', 'kubernetes'];

/** Processes for each suite on a machine with 2 cores. */
const WORKERS = { unit: 2, integration: 1, 'end-to-end': 1, crash: 1, kubernetes: 1 };

/** Suites that run beside each other: much of what they do is waiting. Everything in them has ports and data of its own. */
const STAGES = [['unit'], ['integration', 'end-to-end'], ['crash', 'embedded'], ['kubernetes']];

/**
 * Runs what the words ask for, prints failures, the slowest tests and, as the last line, the count.
 * @param {{ projectFolder: string, words: string[] }} options
 * @returns {Promise<number>} exit status
 */
export async function runTests({ projectFolder, words }) {
  const startedAt = Date.now();
  const progress = createProgress(process.stdout);
  const plan = planSteps(words, projectFolder);
  const state = claimStateFolder(projectFolder);
  /** @type {import('./tally.mjs').Tally[]} */
  const tallies = [];
  if (plan.steps.length === 0) {
    tallies.push(failedTally('tests', `No test file matches ${plan.patterns.join(' or ')}.`));
  }

  /** @type {Awaited<ReturnType<typeof startTestServers>> | null} */
  let servers = null;
  const cluster = startClusterWhenNeeded(plan.steps, { stateFolder: state.folder, progress });
  let isStopped = false;
  const unlisten = listenForStop({
    stop: () => {
      isStopped = true;
      progress.line('Stopping …');
      killRunningCommands();
    },
    kill: () => {
      servers?.kill();
      cluster.kill();
      process.exit(130);
    },
  });

  /** @param {string} step @param {(update: import('../../embedded/bootstrap/progress.mjs').Update) => Promise<import('./tally.mjs').Tally>} work */
  const run = async (step, work) => {
    if (isStopped) {
      return;
    }
    const shown = progress.step(step, async (update) => {
      const tally = await work(update).catch((error) => failedTally(step, describeError(error)));
      tallies.push(tally);
      if (tally.failed > 0) {
        throw new StepFailed();
      }
    });
    await shown.catch(requireStepFailed);
  };

  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_ENV: 'test', KUBECONFIG: undefined, BMMS_DATA_FOLDER: undefined };
  const serversUp = startServersIfNeeded(plan, { projectFolder, stateFolder: state.folder, progress }).then(
    (started) => {
      servers = started;
      env.BMMS_TEST_ENVIRONMENT = started?.environmentFile ?? env.BMMS_TEST_ENVIRONMENT;
    },
  );
  // Looked at below, where it is awaited; until then a failure must not end the process.
  serversUp.catch(() => undefined);

  const staticLane = async () => {
    for (const step of STATIC_STEPS.filter((name) => plan.steps.includes(name))) {
      await run(step, () => runStaticCheck(step, projectFolder));
    }
  };
  /** @param {string} step */
  const runSuite = (step) =>
    run(step, async (update) => {
      if (WITH_SERVERS.includes(step)) {
        await serversUp;
      }
      if (step === 'embedded') {
        // Where there is none yet, getting it takes minutes: better here, where that is shown, than inside a test.
        await obtainTemporal({ update });
      }
      if (step === 'kubernetes') {
        env.BMMS_TEST_KUBECONFIG = await cluster.kubeconfig(update);
      }
      const options = { projectFolder, stateFolder: state.folder, env, update, report: progress.line };
      return step === 'embedded'
        ? runNodeTests({ ...options, step, files: findFiles(step, plan.patterns, projectFolder) })
        : runJestProject({
            ...options,
            project: step,
            patterns: plan.patterns,
            workers: WORKERS[/** @type {keyof WORKERS} */ (step)],
          });
    });
  const testLane = async () => {
    for (const stage of STAGES) {
      const steps = stage.filter((name) => plan.steps.includes(name));
      if (steps.some((step) => WITH_BUILD.includes(step)) && !tallies.some((tally) => tally.step === 'build')) {
        await run('build', (update) => build(projectFolder, update));
      }
      await Promise.all(steps.map(runSuite));
    }
  };
  await Promise.all([staticLane(), testLane()]);

  await serversUp.catch(() => undefined);
  await /** @type {{ stop: () => Promise<void> } | null} */ (/** @type {unknown} */ (servers))?.stop();
  await cluster.stop();
  state.release();
  unlisten();
  if (isStopped) {
    tallies.push(failedTally('run', 'It was stopped before its end.'));
  }

  return printSummary(tallies, elapsed(startedAt));
}

/** @param {string} projectFolder @param {import('../../embedded/bootstrap/progress.mjs').Update} update */
async function build(projectFolder, update) {
  const folders = dataFolders(projectFolder);
  makeDataFolder(folders);
  /** What is shown already as one step needs no lines of its own. @type {import('../../embedded/bootstrap/progress.mjs').Progress} */
  const progress = {
    line: update,
    step: (title, work) => {
      update(title);
      return work(update);
    },
  };
  await prepareProject({ projectFolder, lockFile: folders.buildLock, compile: true, progress });
  return { ...emptyTally('build'), passed: 1 };
}

/**
 * @param {import('./plan-steps.mjs').Plan} plan @param {Parameters<typeof startTestServers>[0]} options
 * @returns {Promise<Awaited<ReturnType<typeof startTestServers>> | null>} null when none are needed, or some are served
 */
async function startServersIfNeeded(plan, options) {
  const served = process.env.BMMS_TEST_ENVIRONMENT;
  if (!plan.steps.some((step) => WITH_SERVERS.includes(step))) {
    return null;
  }
  if (served) {
    const { serverPid } = JSON.parse(readFileSync(served, 'utf8'));
    options.progress.line(`  using the test servers of process ${serverPid} (BMMS_TEST_ENVIRONMENT)`);
    process.env.BMMS_TEST_ENVIRONMENT = path.resolve(served);
    return null;
  }

  return startTestServers(options);
}

/** @param {string} projectFolder @returns {{ folder: string, release: () => void }} one of our own per run */
function claimStateFolder(projectFolder) {
  for (let number = 1; ; number += 1) {
    const folder = path.join(projectFolder, '.bmms-test', number === 1 ? 'run' : `run-${number}`);
    mkdirSync(folder, { recursive: true });
    const lock = tryLock(path.join(folder, 'lock'));
    if ('release' in lock) {
      return { folder, release: lock.release };
    }
  }
}

/** Makes the progress show a step as failed; what failed is in its tally. */
class StepFailed extends Error {}

/** @param {unknown} error */
function requireStepFailed(error) {
  if (!(error instanceof StepFailed)) {
    throw error;
  }
}

/** @param {unknown} error */
function describeError(error) {
  return error instanceof Problem ? describeProblem(error) : String(/** @type {Error} */ (error)?.stack ?? error);
}
