import type { DeadlineKind } from './subscription-deadline-rules';

/** What nobody waits for at its very instant: many of a company come to the end of a period together. */
export const turnKinds: ReadonlySet<DeadlineKind> = new Set(['period_end', 'renewal_invoice']);

export function takesTurns(kind: DeadlineKind): boolean {
  return turnKinds.has(kind);
}

/**
 * When one of many of the same instant is woken: all of them evenly over as long as they take, each always at the same place.
 * All at once would only wait in line at Temporal, and what others ask of it would wait behind them.
 * @param at epoch milliseconds
 * @param among.together how many of its company have that deadline, itself among them
 * @param among.perSecond how many of them are woken in a second
 * @returns epoch milliseconds
 */
export function turnAt(at: number, among: { subscriptionId: number; together: number; perSecond: number }): number {
  const { subscriptionId, together, perSecond } = among;

  return together <= 1 ? at : at + Math.floor((placeOf(subscriptionId) * together * 1_000) / perSecond);
}

/** In [0, 1); ids that follow each other lie far apart, and all of them evenly. */
function placeOf(id: number): number {
  return (id * 0.618_033_988_749_895) % 1;
}
