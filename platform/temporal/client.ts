import { setTimeout as sleep } from 'node:timers/promises';

import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

import { isLostUpdate, isStartedBefore } from './lost-update-rules';

/** One connection to Temporal and the client on it, for a whole process. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  /** Throws when Temporal does not answer within the deadline. */
  verify(deadlineMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Some 3 s of trying bridge a hiccup of Temporal; longer than that, callers are told and come again. */
const attempts = 6;

/**
 * Makes a client without connecting: the first call does, so a process comes up while Temporal is still away and says so
 * in its readiness.
 * @param options.address host:port of the frontend
 */
export function openTemporal(options: { address: string; namespace: string }): TemporalClient {
  const retries = createRetries();
  const connection = Connection.lazy({ address: options.address, interceptors: [retries.interceptor] });
  const { namespace } = options;

  return {
    client: new Client({ connection, namespace }),
    connection,
    namespace,
    async verify(deadlineMs = 2_000) {
      await connection.withDeadline(Date.now() + deadlineMs, () =>
        connection.workflowService.describeNamespace({ namespace }),
      );
    },
    async close() {
      await retries.end();
      await connection.close();
    },
  };
}

/**
 * The SDK's retries, which can be ended: one that fires on a closed channel throws where nobody can catch it, so closing
 * waits for the last that was planned.
 */
function createRetries() {
  const usual = defaultGrpcRetryOptions({ maxAttempts: attempts });
  let isEnded = false;
  let lastFiresAt = 0;

  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) =>
        !isEnded &&
        !isStartedBefore(status.metadata.get('grpc-status-details-bin')) &&
        (usual.retryableDecider(attempt, status) || (attempt < attempts && isLostUpdate(status))),
      delayFunction(attempt, status) {
        const delayMs = usual.delayFunction(attempt, status);
        lastFiresAt = Math.max(lastFiresAt, performance.now() + delayMs);

        return delayMs;
      },
    }),
    async end(): Promise<void> {
      isEnded = true;
      await sleep(Math.max(0, lastFiresAt - performance.now() + 20));
    },
  };
}
