/** Temporal's own clock: the start of the current workflow task, the same on every replay (D1). Milliseconds. */
export function workflowNow(): number {
  // eslint-disable-next-line no-restricted-properties -- inside a workflow this is Temporal's time, not the host's
  return Date.now();
}
