/** So many wrong passwords in a row are free: slips of the pen. */
export const freeFailures = 5;

const longestDelayMs = 15 * 60_000;

/** Failures are forgotten when none came for so long. */
export const failuresLastMs = 24 * 60 * 60_000;

/** How long the next attempt has to wait after so many failures in a row: 1 s after the fifth, doubling up to 15 min. */
export function loginDelayMs(failures: number): number {
  return failures < freeFailures ? 0 : Math.min(1_000 * 2 ** (failures - freeFailures), longestDelayMs);
}
