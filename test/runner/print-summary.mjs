import { slowestOf, sumTallies } from './tally.mjs';

const SLOWEST = 10;

/**
 * Failures in full, a line per step, the slowest tests, and last the count that everything is judged by.
 * @param {import('./tally.mjs').Tally[]} tallies @param {string} took
 * @returns {number} exit status: 0 only when nothing failed and something passed
 */
export function printSummary(tallies, took) {
  for (const { step, failures } of tallies) {
    for (const { name, text } of failures) {
      console.log(`\n✗ [${step}] ${name}\n${indent(text)}`);
    }
  }
  console.log('\nSteps');
  for (const { step, passed, failed, skipped } of tallies) {
    console.log(`  ${step.padEnd(14)}${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
  const slowest = slowestOf(tallies, SLOWEST);
  if (slowest.length > 0) {
    console.log('\nSlowest tests');
    slowest.forEach(({ name, durationMs }) =>
      console.log(`  ${(durationMs / 1000).toFixed(1).padStart(6)} s  ${name}`),
    );
  }
  const { passed, failed, skipped } = sumTallies(tallies);
  console.log(`\nTook ${took}.`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

  return failed === 0 && passed > 0 ? 0 : 1;
}

/** @param {string} text */
function indent(text) {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
