import { type Pool, type PoolClient, type QueryConfig, types } from 'pg';
import type { z } from 'zod';

import type { Prisma } from './generated/client';

/** Statements of one company, and nothing but statements: what the hot paths run (D9). */
export interface TenantSql {
  readonly companyId: number;
  /** Runs one statement under row-level security; its rows are parsed, a bigint column arrives as a number. */
  query<Row extends z.ZodType>(row: Row, sql: Prisma.Sql): Promise<z.output<Row>[]>;
}

const bigintType = 20;

/** A bigint beyond the safe range stays text, and the row's schema refuses it (D4). */
const parsers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === bigintType && format !== 'binary'
      ? parseBigint
      : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

function parseBigint(text: string): number | string {
  const value = Number(text);

  return Number.isSafeInteger(value) ? value : text;
}

/** Statements keep their plan under a name made once per text; texts that vary too much get none. */
const mostNames = 200;
const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);

  if (known !== undefined || names.size >= mostNames) {
    return known;
  }
  const name = `bmms_${names.size}`;
  names.set(text, name);

  return name;
}

/**
 * One transaction of one company on a plain connection: the tenant is set in the same round trip that begins it, and
 * statements are prepared once per connection. Rolled back when `work` throws.
 */
export async function runSqlTransaction<Result>(
  pool: Pool,
  companyId: number,
  work: (tx: TenantSql) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // A connection that dies between two statements says so as an event, which nobody hears of a client in use; the next
  // statement fails all the same.
  const onLoss = (): void => undefined;
  client.on('error', onLoss);

  try {
    // The id was checked to be an integer; a batch of statements takes no parameters.
    await client.query(`BEGIN; SELECT set_config('bmms.company_id', '${companyId}', true)`);
    const result = await work({ companyId, query: (row, sql) => runStatement(client, row, sql) });
    await client.query('COMMIT');

    return result;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));

    // A server that is silent would leave us waiting for this as well; without the connection it rolls back by itself.
    if (!isSilence(failure)) {
      await client.query('ROLLBACK').then(
        () => (failure = undefined),
        () => undefined,
      );
    }
    throw error;
  } finally {
    client.off('error', onLoss);
    // A connection that could not even roll back is closed, not handed on.
    client.release(failure);
  }
}

/** The driver's own word for a statement that got no answer in time. */
function isSilence({ message }: Error): boolean {
  return message === 'Query read timeout';
}

/** One statement on a connection of the pool or of a transaction. */
export async function runStatement<Row extends z.ZodType>(
  client: Pool | PoolClient,
  row: Row,
  sql: Prisma.Sql,
): Promise<z.output<Row>[]> {
  const text = sql.text;
  const config: QueryConfig = { text, name: nameOf(text), values: sql.values as unknown[], types: parsers };
  const { rows } = await client.query<Record<string, unknown>>(config);

  return rows.map((value) => row.parse(value));
}
