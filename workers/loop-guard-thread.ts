import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

import { systemClock } from '../platform/clock';

import type { GuardedLoop } from './loop-guard';

/* The thread of `guardAgainstLoops`: the only one that still runs when the process is in a loop without end. */

const { beats, lookEveryMs, patience } = workerData as GuardedLoop;
const standardOutput = 1;
let seen = -1;
let silent = 0;

setInterval(() => {
  const now = Atomics.load(beats, 0);
  // Whoever stands at a breakpoint is not in a loop.
  silent = now === seen && Atomics.load(beats, 1) === 0 ? silent + 1 : 0;
  seen = now;

  if (silent >= patience) {
    const msg = `one piece of code has run for ${(silent * lookEveryMs) / 1_000} s without end; this process is ended. If it comes again, start with WORKFLOW_STACK_TRACES=true: then the workflow that loops fails by itself and its task says so`;
    writeSync(
      standardOutput,
      `${JSON.stringify({ level: 60, time: systemClock.now().getTime(), pid: process.pid, msg })}\n`,
    );
    process.kill(process.pid, 'SIGKILL');
  }
}, lookEveryMs);
