/** A request that waits for a workflow is answered 202 after this long (D2). Milliseconds. */
export const answerDeadlineMs = 25_000;
