import { Client, Connection } from '@temporalio/client';

/** One connection to Temporal and the client on it, for a whole process. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly namespace: string;
  /** Throws when Temporal does not answer within the deadline. */
  verify(deadlineMs?: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a client without connecting: the first call does, so a process comes up while Temporal is still away and says so
 * in its readiness.
 * @param options.address host:port of the frontend
 */
export function openTemporal(options: { address: string; namespace: string }): TemporalClient {
  const connection = Connection.lazy({ address: options.address, connectTimeout: 5_000 });
  const client = new Client({ connection, namespace: options.namespace });

  return {
    client,
    connection,
    namespace: options.namespace,
    async verify(deadlineMs = 2_000) {
      const { namespace } = options;
      await withDeadline(deadlineMs, () =>
        connection.withDeadline(Date.now() + deadlineMs, async () => {
          await connection.ensureConnected();
          await connection.workflowService.describeNamespace({ namespace });
        }),
      );
    },
    close: () => connection.close(),
  };
}

/** The connection attempt itself knows no deadline of ours. */
async function withDeadline(milliseconds: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Temporal did not answer within ${milliseconds} ms.`)), milliseconds);
  });

  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
