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
