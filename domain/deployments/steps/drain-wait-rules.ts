import type { DeploymentRow } from '../row/deployment-row';

/** Between two looks at what is open: quick at first, then less often. Milliseconds. */
const soonMs = 1_000;
const seldomMs = 30_000;
const quickLooks = 12;

/** Until when open work is waited for (D29): so long from the closing of the door; null where it is not waited for. */
export function drainEndsAt(row: Pick<DeploymentRow, 'drain' | 'drainMinutes' | 'doorClosedAt'>): Date | null {
  const { drain, drainMinutes, doorClosedAt } = row;

  return drain === 'wait' && doorClosedAt !== null
    ? new Date(doorClosedAt.getTime() + (drainMinutes ?? 0) * 60_000)
    : null;
}

/**
 * Until the next look, which is at the deadline where that comes first: the door is closed no longer than was said.
 * @param looks so far
 * @param leftMs until the deadline; null: there is none
 * @returns milliseconds
 */
export function untilNextLook(looks: number, leftMs: number | null): number {
  const usual = Math.min(seldomMs, soonMs * 2 ** Math.max(0, looks - quickLooks));

  // Clocks of hosts differ a little: who comes early looks again.
  return leftMs === null ? usual : Math.min(usual, Math.max(soonMs, leftMs));
}
