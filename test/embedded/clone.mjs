import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { delay } from '../../embedded/processes/delay.mjs';
import { readEndpoints } from '../../embedded/processes/endpoints.mjs';
import { dataFolders, projectFolder } from '../../embedded/bootstrap/folders.mjs';
import { readHolder } from '../../embedded/processes/lock.mjs';
import { isStillRunning, signalGroup } from '../../embedded/processes/process-identity.mjs';
import { readProcessRecord } from '../../embedded/processes/process-record.mjs';
import { runCommand } from '../../embedded/processes/run-command.mjs';

const NOT_CLONED = new Set(['.git', '.bmms', '.bmms-test', 'node_modules', 'coverage']);
const UP_WITHIN_MS = 90_000;

/** @returns {string} a new folder on the project's own disk, so that packages can be linked instead of copied */
export function makeCloneRoot() {
  const onSameDisk = statSync(os.tmpdir()).dev === statSync(projectFolder).dev;
  const parent = onSameDisk ? os.tmpdir() : path.join(projectFolder, '.bmms-test');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, 'bmms-clones-'));
}

/**
 * A clone as warm as this one: sources and compiled code copied, packages linked file by file.
 * @param {string} folder
 */
export async function makeClone(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(projectFolder).filter((entry) => !NOT_CLONED.has(entry))) {
    cpSync(path.join(projectFolder, name), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
  const flags = process.platform === 'linux' ? '-al' : '-a';
  await runCommand({ command: 'cp', args: [flags, path.join(projectFolder, 'node_modules'), folder], cwd: folder });
  rmSync(path.join(folder, 'node_modules', '.cache'), { recursive: true, force: true });
}

/** @typedef {import('../../embedded/processes/process-identity.mjs').ProcessIdentity & { name: string }} NamedProcess */

/**
 * A running `npm start`.
 * @typedef {object} Start
 * @property {string} folder
 * @property {() => string} output
 * @property {Promise<number>} ended its exit status, as a shell tells it: 128 + n for a signal
 * @property {() => void} stopReading closes the pipe it prints to
 * @property {(signal: NodeJS.Signals) => void} signalTerminal to the whole process group, as Ctrl-C at a terminal
 * @property {() => number} supervisor pid of the process that watches over the others
 * @property {() => NamedProcess} supervisorProcess
 * @property {() => NamedProcess[]} children
 * @property {() => import('../../embedded/processes/endpoints.mjs').Endpoints} endpoints
 */

/**
 * @param {string} folder @param {NodeJS.ProcessEnv} env
 * @param {{ byNpm: boolean }} options npm answers Ctrl-C with status 130, whatever its script's own status is
 * @returns {Start} as soon as it is begun; see `untilUp`
 */
export function beginStart(folder, env, { byNpm }) {
  const folders = dataFolders(folder);
  const [command = '', ...args] = byNpm ? ['npm', 'start'] : [process.execPath, 'embedded/bootstrap.mjs', 'start'];
  const child = spawn(command, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const supervisorProcess = () => {
    const { pid = 0, startedAt = '' } = readHolder(folders.runLock) ?? {};
    return { name: 'supervisor', pid, startedAt };
  };
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));

  return {
    folder,
    output: () => output,
    stopReading: () => [child.stdout, child.stderr].forEach((stream) => stream.destroy()),
    ended: new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal ?? 'SIGKILL']));
    }),
    signalTerminal: (signal) => signalGroup(/** @type {number} */ (child.pid), signal),
    supervisorProcess,
    supervisor: () => supervisorProcess().pid,
    children: () => readProcessRecord(folders.processes)?.children ?? [],
    endpoints: () =>
      /** @type {import('../../embedded/processes/endpoints.mjs').Endpoints} */ (readEndpoints(folders.endpoints)),
  };
}

/** @param {Start} start @returns {Promise<Start>} once it says so; an Error with its output when it ends before */
export async function untilUp(start) {
  let isOver = false;
  void start.ended.then(() => (isOver = true));
  const deadline = Date.now() + UP_WITHIN_MS;
  while (!start.output().includes('bmms is up')) {
    if (isOver || Date.now() > deadline) {
      start.signalTerminal('SIGKILL');
      throw new Error(`It did not come up:\n${start.output()}\n${readLogs(start.folder)}`);
    }
    await delay(50);
  }

  return start;
}

/** @param {NamedProcess[]} children @returns {string[]} who still runs */
export function stillRunning(children) {
  return children.filter(isStillRunning).map(({ name }) => name);
}

/** @param {string} folder @returns {string} the ends of a clone's logs, for the message of a failed test */
function readLogs(folder) {
  const { logs } = dataFolders(folder);
  const files = existsSync(logs) ? readdirSync(logs) : [];
  return files.map((name) => `--- ${name}\n${readFileSync(path.join(logs, name), 'utf8').slice(-1_500)}`).join('\n');
}
