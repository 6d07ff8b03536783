import { AppError } from '../../errors';

/** Runs `work` when a place is free. */
export type BoundedQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Lets `concurrency` pieces of work run at once and `waiting` more stand in line, first come first served. Beyond that
 * callers are turned away at once: a line that grows without end helps nobody in it.
 * @throws AppError unavailable when the line is full
 */
export function createBoundedQueue(options: { concurrency: number; waiting: number }): BoundedQueue {
  const line: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running < options.concurrency) {
      running += 1;
    } else if (line.length < options.waiting) {
      // The place of whoever ends is handed over, so `running` stays as it is.
      await new Promise<void>((resolve) => line.push(resolve));
    } else {
      throw new AppError('unavailable', { detail: 'Too many people are signing in at once. Try again in a moment.' });
    }

    try {
      return await work();
    } finally {
      const next = line.shift();

      if (next === undefined) {
        running -= 1;
      } else {
        next();
      }
    }
  };
}
