import { type Pool, type PoolClient, type QueryConfig, types } from 'pg';
import type { z } from 'zod';

import { BatchQuery } from './batch-query';
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
 * One transaction of one company on a plain connection: the tenant is set in the same round trip that begins it and runs
 * its first statement, and statements are prepared once per connection. Rolled back when `work` throws.
 * @param isSnapshot it sees one moment, and the server refuses what would write or lock
 */
export function runSqlTransaction<Result>(
  pool: Pool,
  companyId: number,
  work: (tx: TenantSql) => Promise<Result>,
  isSnapshot = false,
): Promise<Result> {
  return withConnection(pool, async (client) => {
    let isBegun = false;
    const result = await work({
      companyId,
      async query(row, sql) {
        if (isBegun) {
          return runStatement(client, row, sql);
        }
        isBegun = true;

        // The isolation level must stand before any statement is so much as parsed, so not in the same round trip.
        if (isSnapshot) {
          await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');

          return runBatch(client, { before: [actAs(companyId)], after: [] }, row, sql);
        }

        return runBatch(client, { before: beginAs(companyId), after: [] }, row, sql);
      },
    });

    if (isBegun) {
      await client.query('COMMIT');
    }

    return result;
  });
}

/** One statement as a transaction of its own, with its begin, tenant and commit in a single round trip. */
export function runTenantStatement<Row extends z.ZodType>(
  pool: Pool,
  companyId: number,
  row: Row,
  sql: Prisma.Sql,
): Promise<z.output<Row>[]> {
  return withConnection(pool, (client) =>
    runBatch(client, { before: beginAs(companyId), after: ['COMMIT'] }, row, sql),
  );
}

function beginAs(companyId: number): string[] {
  return ['BEGIN', actAs(companyId)];
}

/** The id was checked to be an integer; SET takes no parameters. */
function actAs(companyId: number): string {
  return `SET LOCAL bmms.company_id = '${companyId}'`;
}

/** Gives `work` a connection; when it throws, what is open is rolled back. */
async function withConnection<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // A connection that dies between two statements says so as an event, which nobody hears of a client in use; the next
  // statement fails all the same.
  const onLoss = (): void => undefined;
  client.on('error', onLoss);

  try {
    return await work(client);
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
  const { rows } = await client.query<Record<string, unknown>>(configOf(sql));

  return rows.map((value) => row.parse(value));
}

async function runBatch<Row extends z.ZodType>(
  client: PoolClient,
  around: { before: readonly string[]; after: readonly string[] },
  row: Row,
  sql: Prisma.Sql,
): Promise<z.output<Row>[]> {
  const rows = await new Promise<Record<string, unknown>[]>((resolve, reject) => {
    client.query(
      new BatchQuery(configOf(sql), around, (error, results) => {
        if (error) {
          reject(error);
        } else {
          resolve(results[around.before.length]?.rows ?? []);
        }
      }),
    );
  });

  return rows.map((value) => row.parse(value));
}

function configOf(sql: Prisma.Sql): QueryConfig & { text: string } {
  const text = sql.text;

  return { text, name: nameOf(text), values: sql.values as unknown[], types: parsers };
}
