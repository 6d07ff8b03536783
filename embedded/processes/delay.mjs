import { setTimeout as wait } from 'node:timers/promises';

/**
 * Resolves after `ms` milliseconds, or at once when the signal is aborted.
 * @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>}
 */
export async function delay(ms, signal) {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
