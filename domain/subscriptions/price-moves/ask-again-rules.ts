import type { ErrorCode } from '../../error-codes';

/** Refusals that pass: a charge is answered, mostly within seconds. Any other one is the answer. */
const passing: ReadonlySet<ErrorCode> = new Set(['charge_in_flight']);

const firstWait = 5_000;
const longestWait = 600_000;

/** After so many tries, some two hours, what is asked is refused for good: a payment by hand can stay open for days. */
export const mostAsked = 20;

/**
 * When a subscription that refused is asked again: after 5 s, 10 s, 20 s … 10 min.
 * @param tries how often it was asked again before
 * @returns milliseconds; null: never
 */
export function askAgainAfter(code: ErrorCode | null, tries: number): number | null {
  return code !== null && passing.has(code) && tries < mostAsked ? Math.min(firstWait * 2 ** tries, longestWait) : null;
}
