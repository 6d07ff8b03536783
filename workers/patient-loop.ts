import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { batch, Setbacks } from './setbacks';

export interface LoopOptions {
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
}

/** Things of all companies that are to be done, and how one of them is done. */
export interface PatientWork<Item> {
  /** Between two looks, milliseconds. */
  readonly idleMs: number;
  /** Where a whole batch was done the next look is at once, unless this is said. */
  readonly alwaysIdles?: boolean;
  /** The first ones, in their order. */
  list(limit: number): Promise<Item[]>;
  /** Items of one key wait together. */
  keyOf(item: Item): string;
  /** A repeat finds nothing to do. */
  carryOut(item: Item): Promise<void>;
  /** Told of one that could not be done, and is tried again. */
  onFailed(item: Item, err: unknown): void;
  /** Told that the list could not be read. */
  onBlind(err: unknown): void;
}

/**
 * Does what is listed, one after the other; what is lost is found again. What cannot be done is passed by for a while, however
 * much of it there is, so that what stands behind it gets its turn. Runs until aborted.
 */
export async function runPatiently<Item>({ clock, signal }: LoopOptions, work: PatientWork<Item>): Promise<void> {
  const setbacks = new Setbacks<Item>((item) => work.keyOf(item));
  const tryOne = async (item: Item) => {
    try {
      await work.carryOut(item);
      setbacks.forget(item);

      return true;
    } catch (err) {
      setbacks.note(item, clock.now().getTime());
      work.onFailed(item, err);

      return false;
    }
  };

  while (!signal.aborted) {
    let done = 0;

    try {
      for (const item of await setbacks.select((limit) => work.list(limit), clock.now().getTime())) {
        done += (await tryOne(item)) ? 1 : 0;
      }
    } catch (err) {
      work.onBlind(err);
    }

    if (done < batch || work.alwaysIdles === true) {
      await sleep(work.idleMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
