import type { DeadlineKind } from './subscription-deadline-rules';

/**
 * Of one company, subscriptions that are woken in a second for what is due at the same instant. More at once would only
 * wait in line at Temporal, and what others ask of it would wait behind them.
 */
const wokenPerSecond = 25;

/** What nobody waits for at its very instant: many of a company come to the end of a period together. */
const mayTakeTurns: ReadonlySet<DeadlineKind> = new Set(['period_end', 'renewal_invoice']);

export function takesTurns(kind: DeadlineKind): boolean {
  return mayTakeTurns.has(kind);
}

/** @param ahead how many of its company have the same deadline and go first @returns epoch milliseconds */
export function turnAt(at: number, ahead: number): number {
  return at + Math.floor((ahead * 1_000) / wokenPerSecond);
}
