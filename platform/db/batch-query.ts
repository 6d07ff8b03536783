import { type Connection, type CustomTypesConfig, Query, type QueryResult } from 'pg';
import { prepareValue } from 'pg/lib/utils';

/** One statement of a batch. */
export interface BatchStep {
  text: string;
  values?: readonly unknown[];
  /** Under which it stays prepared on its connection. */
  name?: string;
}

/** What the driver's connection has and its types leave out. */
interface WireConnection extends Omit<Connection, 'parse' | 'bind' | 'describe' | 'execute' | 'sync'> {
  parse(statement: { text: string; name?: string }): void;
  bind(portal: { statement?: string; values?: unknown[] }): void;
  describe(portal: { type: 'P'; name: string }): void;
  execute(portal: object): void;
  sync(): void;
  readonly parsedStatements: Record<string, string | undefined>;
  readonly submittedNamedStatements: Record<string, string | undefined>;
}

/** What the driver tells a query, and its types leave out. */
interface ToldQuery {
  handleRowDescription(message: object): void;
  handleDataRow(message: object): void;
  handleCommandComplete(message: object, connection: WireConnection): void;
  handleError(error: Error, connection: WireConnection): void;
  handleReadyForQuery(connection: WireConnection): void;
}

const driver = Query.prototype as unknown as ToldQuery;

/**
 * Statements in one round trip: all are sent, then one Sync. The server runs them one after the other, each sees what those
 * before it did, and at the first that fails it skips the rest; an open transaction is left to be rolled back. The rows of
 * one of them, `answered`, are handed on; those of the others nobody looks at.
 */
export class BatchQuery extends Query implements ToldQuery {
  /** Of steps; so it is also the index of the one that rows are told of. */
  private completed = 0;
  private stopListening = (): void => undefined;

  /**
   * @param options.answered index of the step whose rows are wanted, if any
   * @param callback gets the result of that step; of a failure also the index of the step that failed
   */
  constructor(
    private readonly parts: readonly BatchStep[],
    private readonly options: { answered?: number; types?: CustomTypesConfig },
    callback: (error: Error | undefined, result: QueryResult, failed: number) => void,
  ) {
    super(
      { text: '', ...(options.types === undefined ? {} : { types: options.types }) },
      (error: Error | undefined, result: unknown) => callback(error, result as QueryResult, this.completed),
    );
    this.submit = (plain) => this.send(plain as unknown as WireConnection);
  }

  /** Names are parsed first of all: what fails later leaves no doubt of which of them the connection knows. */
  private send(connection: WireConnection): Error | null {
    const bound = this.bindable();

    if (bound instanceof Error) {
      return bound;
    }
    const unknown = new Map(
      this.parts.flatMap(({ name, text }) =>
        name === undefined || isKnown(connection, name) ? [] : [[name, text] as const],
      ),
    );
    this.noteParsed(connection, [...unknown]);
    connection.stream.cork();

    try {
      unknown.forEach((text, name) => connection.parse({ text, name }));
      this.parts.forEach(({ text, name }, index) => {
        if (name === undefined) {
          connection.parse({ text });
        }
        connection.bind({ statement: name, values: bound[index] });

        if (index === this.options.answered) {
          connection.describe({ type: 'P', name: '' });
        }
        connection.execute({});
      });
      connection.sync();
    } finally {
      connection.stream.uncork();
    }

    return null;
  }

  /** A value that cannot be sent must fail before anything is; the driver takes the error as the answer of `submit`. */
  private bindable(): (unknown[] | undefined)[] | Error {
    try {
      return this.parts.map(({ values }) => values?.map(prepareValue));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The driver would note one name for a query; here are several, told of in the order in which they were sent. */
  private noteParsed(connection: WireConnection, named: readonly (readonly [name: string, text: string])[]): void {
    // Nearly always: every statement has been here before.
    if (named.length === 0) {
      return;
    }
    let told = 0;
    const note = () => {
      const parsed = named[told];
      told += 1;

      if (parsed !== undefined) {
        connection.parsedStatements[parsed[0]] = parsed[1];
      }
    };
    connection.on('parseComplete', note);
    this.stopListening = () => connection.off('parseComplete', note);
  }

  handleRowDescription(message: object): void {
    driver.handleRowDescription.call(this, message);
  }

  handleDataRow(message: object): void {
    if (this.completed === this.options.answered) {
      driver.handleDataRow.call(this, message);
    }
  }

  handleCommandComplete(message: object, connection: WireConnection): void {
    if (this.completed === this.options.answered) {
      driver.handleCommandComplete.call(this, message, connection);
    }
    this.completed += 1;
  }

  handleError(error: Error, connection: WireConnection): void {
    this.stopListening();
    driver.handleError.call(this, error, connection);
  }

  handleReadyForQuery(connection: WireConnection): void {
    this.stopListening();
    driver.handleReadyForQuery.call(this, connection);
  }
}

function isKnown({ parsedStatements, submittedNamedStatements }: WireConnection, name: string): boolean {
  return parsedStatements[name] !== undefined || submittedNamedStatements[name] !== undefined;
}
