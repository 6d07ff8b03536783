import { type Connection, Query, type QueryConfig, type QueryResult } from 'pg';

/** What the driver's connection has and its types leave out. */
interface WireConnection extends Connection {
  parse(statement: { text: string; name?: string }): void;
  bind(portal: object): void;
  execute(portal: object): void;
  sync(): void;
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
}

/**
 * A statement with plain ones before and after it, in one round trip: all are sent, then one Sync. At the first that
 * fails the server skips the rest, and the transaction is left open to be rolled back. Its callback gets the results of
 * all in their order. The plain ones must give no rows: those would be taken for the statement's.
 */
export class BatchQuery extends Query {
  constructor(
    config: QueryConfig & { text: string },
    around: { before: readonly string[]; after: readonly string[] },
    callback: (error: Error | undefined, results: QueryResult[]) => void,
  ) {
    super(config, callback as never);
    const submit = this.submit.bind(this);
    this.submit = (plain) => {
      const connection = plain as WireConnection;
      const { stream } = connection;
      stream.cork();

      try {
        parseFirst(connection, config);
        sendPlain(connection, around.before);

        return submit(
          Object.create(connection, {
            sync: {
              value: () => {
                sendPlain(connection, around.after);
                connection.sync();
              },
            },
          }) as Connection,
        );
      } finally {
        stream.uncork();
      }
    };
  }
}

/** First of all, because the driver takes the first ParseComplete as a sign that this one's name is known from now on. */
function parseFirst(connection: WireConnection, { name, text }: QueryConfig & { text: string }): void {
  if (name === undefined) {
    return;
  }
  const { parsedStatements, submittedNamedStatements } = connection;

  if (parsedStatements[name] === undefined && submittedNamedStatements[name] === undefined) {
    connection.parse({ text, name });
    submittedNamedStatements[name] = text;
  }
}

function sendPlain(connection: WireConnection, texts: readonly string[]): void {
  for (const text of texts) {
    connection.parse({ text });
    connection.bind({});
    connection.execute({});
  }
}
