/** Of gRPC. */
const failedPrecondition = 9;

/** What Temporal says of an update, and of one that starts its workflow. */
const messages = /unexpected workflow task failure|update-with-start could not be executed/i;

/**
 * A workflow task that fails takes its updates with it, and Temporal does not hand them to the next one: as when news comes
 * in just as a workflow ends, which is then not taken to have ended. Their id makes sending them once more safe, and the SDK
 * does not do so of itself.
 */
export function isLostUpdate({ code, details }: { code: number; details: string }): boolean {
  return code === failedPrecondition && messages.test(details);
}

/** Temporal's word for a start that it has carried out before, in an update that was to start its workflow. */
const startedBefore = 'StartDeduped';

/**
 * A repeat of an update that starts its workflow is known by the start's request id: once the run that the first try has
 * started is over, without the update, Temporal neither starts another nor says so for good (UNAVAILABLE, time and again).
 * @param details of the status, as they come: `grpc-status-details-bin`
 */
export function isStartedBefore(details: readonly (string | Buffer)[]): boolean {
  return details.some((part) => part.includes(startedBefore));
}

/** The same of the error that the SDK makes of it: another request is needed. */
export function needsNewRequest(error: unknown): boolean {
  return error instanceof Error && error.message.includes(startedBefore);
}
