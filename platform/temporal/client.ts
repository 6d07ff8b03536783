import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

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
  const connection = Connection.lazy({
    address: options.address,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: attempts }))],
  });
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
