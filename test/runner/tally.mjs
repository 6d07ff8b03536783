/**
 * What a step of the run found.
 * @typedef {object} Tally
 * @property {string} step
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ name: string, text: string }[]} failures in full
 * @property {{ name: string, durationMs: number }[]} timed tests, for the list of the slowest
 */

/** @param {string} step @returns {Tally} */
export function emptyTally(step) {
  return { step, passed: 0, failed: 0, skipped: 0, failures: [], timed: [] };
}

/**
 * A step, or a part of it, that could not run counts as one failure.
 * @param {Tally} tally @param {string} name @param {string} text
 */
export function addFailure(tally, name, text) {
  tally.failed += 1;
  tally.failures.push({ name, text });
}

/** @param {string} step @param {string} text @returns {Tally} */
export function failedTally(step, text) {
  const tally = emptyTally(step);
  addFailure(tally, step, text);
  return tally;
}

/** @param {Tally[]} tallies @returns {{ passed: number, failed: number, skipped: number }} */
export function sumTallies(tallies) {
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    tallies.reduce((total, tally) => total + tally[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** @param {Tally[]} tallies @param {number} count @returns {{ name: string, durationMs: number }[]} */
export function slowestOf(tallies, count) {
  return tallies
    .flatMap((tally) => tally.timed)
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, count);
}
