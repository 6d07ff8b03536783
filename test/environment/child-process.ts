import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';

export interface StartedProcess {
  pid: number;
  url: string | null;
  logFile: string;
}

/**
 * Starts a `bmms` command of dist/ and waits until it says that it is up. Its output goes to `logFile`; when it ends
 * first, the error holds the end of that.
 */
export function startCommand(options: {
  name: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  readyWithinMs?: number;
}): Promise<StartedProcess> {
  const { name, logFile, readyWithinMs = 150_000 } = options;
  const child: ChildProcess = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile);
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });

  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`${name} ${what}. The end of ${logFile}:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not up within ${readyWithinMs / 1000} s`);
    }, readyWithinMs);

    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code, signal) => setTimeout(() => fail(`ended with ${code ?? signal}`), 100));
    child.on('message', (message: { type?: string; url?: string }) => {
      if (message.type !== 'ready') {
        return;
      }
      clearTimeout(timer);
      child.removeAllListeners('exit');
      child.unref();
      (child.channel as unknown as { unref(): void } | undefined)?.unref();
      resolve({ pid: child.pid as number, url: message.url ?? null, logFile });
    });
  });
}

/** Ends processes by pid: asks, waits, then insists. */
export async function endProcesses(pids: readonly number[], withinMs = 15_000): Promise<void> {
  await Promise.all(
    pids.map(async (pid) => {
      const until = performance.now() + withinMs;
      signal(pid, 'SIGTERM');

      while (signal(pid, 0)) {
        if (performance.now() > until) {
          signal(pid, 'SIGKILL');
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }),
  );
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);

    return true;
  } catch {
    return false;
  }
}
