import inspector from 'node:inspector';
import path from 'node:path';
import { setInterval } from 'node:timers';
import { Worker } from 'node:worker_threads';

const beatMs = 1_000;

/** What the guard's thread is given. */
export interface GuardedLoop {
  /** First how often the loop has turned, counted once a second; then 1 while a debugger may hold it up. */
  beats: Int32Array;
  /** Between two looks; milliseconds. */
  lookEveryMs: number;
  /** So many looks without a beat end the process. */
  patience: number;
}

/**
 * Ends this process by SIGKILL when its event loop has not turned for so long: one piece of code, such as a workflow that
 * loops for ever, holds up every Worker here, and whoever watches the process starts it again. Only time in which the guard
 * itself ran counts, so neither a sleeping machine nor a stopped process is taken for it.
 * @param seconds far above what any step takes
 */
export function guardAgainstLoops(seconds = 20): { stop(): Promise<void> } {
  const beats = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const workerData: GuardedLoop = { beats, lookEveryMs: beatMs, patience: seconds };
  const guard = new Worker(path.join(__dirname, 'loop-guard-thread.js'), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 },
  });
  guard.unref();
  const beating = setInterval(() => {
    Atomics.add(beats, 0, 1);
    Atomics.store(beats, 1, inspector.url() === undefined ? 0 : 1);
  }, beatMs);
  beating.unref();

  return {
    async stop() {
      clearInterval(beating);
      await guard.terminate();
    },
  };
}
