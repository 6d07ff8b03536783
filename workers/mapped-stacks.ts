/** As Node has it, with the maps of `--enable-source-maps`: taken before the first Worker is made. */
const usual = Error.prepareStackTrace;
let isKept = false;

/**
 * To be called once the first Worker is there: with it the SDK takes over how stacks of all errors are written, and those of
 * subclasses of Error outside workflows would name compiled files (findings/temporal-replay-unmaps-errors-of-subclasses.sh).
 * Those are written as before; errors of workflows are left to the SDK.
 */
export function keepMappedStacks(): void {
  const ofWorkflows = Error.prepareStackTrace;

  if (isKept || usual === undefined || ofWorkflows === undefined) {
    return;
  }
  isKept = true;
  // An error of a workflow is made by the `Error` of its own context.
  Error.prepareStackTrace = (error, sites) =>
    (error instanceof Error ? usual(error, sites) : ofWorkflows(error, sites)) as unknown;
}
