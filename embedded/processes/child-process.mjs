import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { identifyProcess, signalGroup, TOKEN_VARIABLE } from './process-identity.mjs';
import { readLog } from './log-tail.mjs';
import { delay } from './delay.mjs';

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * What is told to a child so that it ends, in this order, each with the time it then has.
 * @typedef {{ signal: NodeJS.Signals, waitMs: number }[]} StopLadder
 *
 * @typedef {object} ChildOptions
 * @property {string} name for messages and the log's name
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env the whole environment of the child
 * @property {string} cwd
 * @property {string} logFile everything it prints is appended here
 * @property {StopLadder} stopLadder
 * @property {string} token
 * @property {number} [uid]
 * @property {number} [gid]
 * @property {boolean} [ipc] give it a channel on which it says `{ type: 'ready' }`
 *
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Exit
 *
 * @typedef {object} Child
 * @property {string} name
 * @property {number} pid
 * @property {import('./process-identity.mjs').ProcessIdentity} identity
 * @property {Promise<Exit>} exited
 * @property {() => Exit | null} exit how it ended, or null while it runs
 * @property {Promise<Record<string, unknown>>} ready settles with the ready message, when there is a channel
 * @property {StopLadder} stopLadder
 * @property {() => string} printed what this run printed, at most the last 64 KiB
 * @property {() => Promise<boolean>} stop goes down the ladder; false when it had to be killed
 * @property {() => void} kill SIGKILL to its whole group
 */

/**
 * Starts a process in a group of its own (a Ctrl-C at the terminal must reach it only through us), its output in a file
 * it keeps writing to even if we die.
 * @param {ChildOptions} options @returns {Promise<Child>}
 */
export async function startChild(options) {
  mkdirSync(path.dirname(options.logFile), { recursive: true, mode: 0o700 });
  rotateLog(options.logFile);
  const log = openSync(options.logFile, 'a', 0o600);
  const logStart = statSync(options.logFile).size;
  // What it writes is its owner's only: Temporal's file holds addresses, and SQLite makes it for all to read.
  const umask = process.umask(0o077);
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...options.env, [TOKEN_VARIABLE]: options.token },
    detached: true,
    stdio: options.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
  });
  process.umask(umask);
  closeSync(log);
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });

  const pid = /** @type {number} */ (child.pid);
  /** @type {Exit | null} */
  let exit = null;
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const ready = new Promise((resolve) => {
    child.on('message', (/** @type {any} */ message) => {
      if (message?.type === 'ready') {
        resolve(message);
      }
    });
  });

  return {
    name: options.name,
    pid,
    identity: identifyProcess(pid) ?? { pid, startedAt: 'gone' },
    exited,
    exit: () => exit,
    ready,
    stopLadder: options.stopLadder,
    printed: () => readLog(options.logFile, logStart),
    stop: () => stopGroup(pid, exited, options.stopLadder),
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
}

/**
 * @param {number} pid leader of the group @param {Promise<unknown>} exited @param {StopLadder} ladder
 * @returns {Promise<boolean>} false when only SIGKILL helped
 */
async function stopGroup(pid, exited, ladder) {
  for (const { signal, waitMs } of ladder) {
    signalGroup(pid, signal);
    const timer = new AbortController();
    const ended = await Promise.race([exited.then(() => true), delay(waitMs, timer.signal).then(() => false)]);
    timer.abort();
    if (ended) {
      // Whatever it started itself and left behind goes with it.
      signalGroup(pid, 'SIGKILL');
      return true;
    }
  }

  signalGroup(pid, 'SIGKILL');
  await exited;
  return false;
}

/** @param {string} logFile keeps one older file, so that logs never fill the disk */
function rotateLog(logFile) {
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) {
    renameSync(logFile, `${logFile}.1`);
  }
}
