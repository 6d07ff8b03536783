import { CancellationScope, setDefaultSignalHandler } from '@temporalio/workflow';

/**
 * Runs a workflow so that nothing of it is torn down by a request to cancel (the button of the Web UI, `temporal workflow
 * cancel`): what it registers takes the request as a command of the workflow's own.
 */
export function withOwnCancellation<Result>(
  run: (onCancelRequest: (take: () => void) => void) => Promise<Result>,
): Promise<Result> {
  const { cancelRequested } = CancellationScope.current();

  return CancellationScope.nonCancellable(() => run((take) => void cancelRequested.catch(take)));
}

/** Misspelt or unknown signals are noted with the names there are, instead of waiting unseen. */
export function noteUnknownSignals(names: readonly string[], note: (message: string, reason: string) => void): void {
  setDefaultSignalHandler((name) => {
    note(name.slice(0, 100), `there is no signal ${name.slice(0, 100)}; there are ${names.join(', ')}`);
  });
}
