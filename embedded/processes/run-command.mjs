import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Problem } from '../bootstrap/problem.mjs';
import { signalGroup } from './process-identity.mjs';

const TAIL_LINES = 15;

/** Groups of commands that run now, for `killRunningCommands`. @type {Set<number>} */
const running = new Set();

/**
 * Runs a command to its end, in a process group of its own.
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.input] given to its standard input
 * @param {number} [options.uid]
 * @param {number} [options.gid]
 * @param {number} [options.timeoutMs] kills it after this time, which then counts as a failure
 * @param {AbortSignal} [options.signal] kills it when aborted
 * @param {(line: string) => void} [options.onLine] called with each line it prints
 * @param {(line: string) => boolean} [options.keepLine] which lines are part of the output; all by default
 * @returns {Promise<{ code: number, output: string, tail: string }>} its exit status (128 + n when killed by a signal)
 */
export function runCommand({
  command,
  args,
  cwd,
  env = process.env,
  input,
  uid,
  gid,
  timeoutMs,
  signal,
  onLine,
  keepLine = () => true,
}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid }),
    });
    child.once('error', reject);
    const pid = child.pid;
    if (pid === undefined) {
      return;
    }
    running.add(pid);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => signalGroup(pid, 'SIGKILL'), timeoutMs);
    /** @type {string[]} */
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: /** @type {NodeJS.ReadableStream} */ (stream) }).on('line', (line) => {
        onLine?.(line);
        if (keepLine(line)) {
          lines.push(line);
        }
      });
    }
    if (input !== undefined) {
      // A command that ends early closes its input; its exit status says why.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    }
    const abort = () => signalGroup(pid, 'SIGKILL');
    signal?.addEventListener('abort', abort);
    child.once('close', (code, endedBy) => {
      signal?.removeEventListener('abort', abort);
      clearTimeout(timer);
      running.delete(pid);
      resolve({
        code: code ?? 128 + (endedBy === 'SIGKILL' ? 9 : 15),
        output: lines.join('\n'),
        tail: lines.slice(-TAIL_LINES).join('\n'),
      });
    });
  });
}

/**
 * As `runCommand`, but anything but exit status 0 is a Problem that shows the end of the output.
 * @param {Parameters<typeof runCommand>[0] & { failure: string, mend?: string }} options
 */
export async function requireCommand({ failure, mend, ...options }) {
  const result = await runCommand(options).catch((cause) => {
    throw new Problem(`${failure}: ${options.command} could not be run (${cause.code ?? cause.message}).`, { mend });
  });
  if (result.code !== 0) {
    throw new Problem(`${failure} (${options.command} ended with status ${result.code}).`, {
      detail: result.tail,
      mend,
    });
  }

  return result;
}

/** Ends whatever `runCommand` has under way; used when the person at the terminal gives up. */
export function killRunningCommands() {
  for (const pid of running) {
    signalGroup(pid, 'SIGKILL');
  }
}
