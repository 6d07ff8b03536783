import { type Pool, type PoolClient, types } from 'pg';
import type { z } from 'zod';

import { BatchQuery, type BatchStep } from './batch-query';
import type { Prisma } from './generated/client';

/** Statements of one company, and nothing but statements: what the hot paths run (D9). */
export interface TenantSql {
  readonly companyId: number;
  /** Runs one statement under row-level security; its rows are parsed, a bigint column arrives as a number. */
  query<Row extends z.ZodType>(row: Row, sql: Prisma.Sql): Promise<z.output<Row>[]>;
  /**
   * A statement whose rows nobody looks at: a lock, a row that is written. In a transaction it runs in its turn, but may be
   * sent with the next query or the commit, in one round trip; what fails of it fails there.
   * @param explain what to throw instead of its failure
   */
  write(sql: Prisma.Sql, explain?: (error: unknown) => unknown): Promise<void>;
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
 * One transaction of one company on a plain connection. The tenant is set in the round trip that begins it; what is written
 * waits for the next query, or for the commit, and travels with it. Statements are prepared once per connection. Rolled back
 * when `work` throws.
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
    let waiting: Part[] = [];
    /** What has to go before the next statement, or the commit. */
    const takeWaiting = async (): Promise<Part[]> => {
      const parts = [...(isBegun ? [] : beginAs(companyId, isSnapshot)), ...waiting];
      const isFirst = !isBegun;
      waiting = [];
      isBegun = true;

      // The isolation level must stand before any statement is so much as parsed, so not in the same round trip.
      if (isFirst && isSnapshot) {
        await runBatch(client, parts);

        return [];
      }

      return parts;
    };
    const result = await work({
      companyId,
      query: async (row, sql) => runBatch(client, await takeWaiting(), { row, sql }),
      write(sql, explain) {
        waiting.push({ ...configOf(sql), explain });

        return Promise.resolve();
      },
    });

    if (isBegun || waiting.length > 0) {
      await runBatch(client, [...(await takeWaiting()), commit]);
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
  return withConnection(pool, (client) => runBatch(client, beginAs(companyId), { row, sql }, [commit]));
}

/** A statement on its way, and what its failure means. */
interface Part extends BatchStep {
  explain?: ((error: unknown) => unknown) | undefined;
}

const commit: Part = { text: 'COMMIT' };

/** The id was checked to be an integer; SET takes no parameters. */
function beginAs(companyId: number, isSnapshot = false): Part[] {
  const isolation = isSnapshot ? ' ISOLATION LEVEL REPEATABLE READ READ ONLY' : '';

  return [{ text: `BEGIN${isolation}` }, { text: `SET LOCAL bmms.company_id = '${companyId}'` }];
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
  const { rows } = await client.query<Record<string, unknown>>({ ...configOf(sql), types: parsers });

  return rows.map((value) => row.parse(value));
}

/** In one round trip. @returns the rows of `answered` */
async function runBatch<Row extends z.ZodType>(
  client: PoolClient,
  before: readonly Part[],
  answered?: { row: Row; sql: Prisma.Sql },
  after: readonly Part[] = [],
): Promise<z.output<Row>[]> {
  const parts: readonly Part[] = [...before, ...(answered === undefined ? [] : [configOf(answered.sql)]), ...after];
  const rows = await new Promise<Record<string, unknown>[]>((resolve, reject) => {
    client.query(
      new BatchQuery(
        parts,
        answered === undefined ? {} : { answered: before.length, types: parsers },
        (error, result, failed) => {
          if (error) {
            // What is thrown may be anything that the part says.

            reject(parts[failed]?.explain?.(error) ?? error);
          } else {
            resolve(result.rows as Record<string, unknown>[]);
          }
        },
      ),
    );
  });

  return answered === undefined ? [] : rows.map((value) => answered.row.parse(value));
}

function configOf(sql: Prisma.Sql): BatchStep & { values: unknown[] } {
  const text = sql.text;
  const name = nameOf(text);

  return { text, values: sql.values as unknown[], ...(name === undefined ? {} : { name }) };
}
