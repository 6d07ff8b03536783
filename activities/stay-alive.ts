import { Context } from '@temporalio/activity';

import type { Watching } from '../domain/deployments/deployment-target';

const heartbeatEveryMs = 2_000;

/**
 * A worker that is gone is missed after the heartbeat timeout, whatever the activity does meanwhile. When it was told to end,
 * that is what it says, in whatever way the work noticed.
 * @throws CancelledFailure
 */
export async function stayAlive<Value>(work: () => Promise<Value>): Promise<Value> {
  const { cancellationSignal } = Context.current();
  const beat = setInterval(() => Context.current().heartbeat(), heartbeatEveryMs);

  try {
    return await work();
  } catch (error) {
    cancellationSignal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** What a target needs to tell how far it is, and to hear that nobody waits any more. */
export const watching = (): Watching => {
  const { cancellationSignal } = Context.current();

  return { signal: cancellationSignal, onProgress: (progress) => Context.current().heartbeat(progress) };
};
