import { workflowNow } from './workflow-clock';

/** Something that happens by itself when its time has come. */
export interface Wake {
  /** milliseconds from now; null: never */
  in: number | null;
  summary: string;
  run(): Promise<unknown>;
}

/** Which comes first; of two at once the one that is named first. */
export function soonest(first: Wake, ...others: Wake[]): Wake {
  return others.reduce(
    (best, other) => (other.in !== null && (best.in === null || other.in < best.in) ? other : best),
    first,
  );
}

/** @param at epoch milliseconds @returns milliseconds from now, at least 0 */
export function timeUntil(at: number | null): number | null {
  return at === null ? null : Math.max(0, at - workflowNow());
}
