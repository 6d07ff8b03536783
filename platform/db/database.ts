import { PrismaPg } from '@prisma/adapter-pg';
import { DatabaseError, Pool } from 'pg';
import { z } from 'zod';

import { dbNothing } from './columns';
import { Prisma, PrismaClient } from './generated/client';
import { runSqlTransaction, runStatement, runTenantStatement, type TenantSql } from './sql-transaction';

export { Prisma } from './generated/client';
export type { TenantSql } from './sql-transaction';

/**
 * What code of one company may touch: every statement runs under row-level security for `companyId` (D6).
 * `orm` is for clarity, `query` for set-based statements.
 */
export interface TenantTransaction extends TenantSql {
  readonly orm: Prisma.TransactionClient;
}

/** Work without a tenant: only the functions of the PostgreSQL schema `system` and tables no company owns. */
export interface SystemConnection {
  query<Row extends z.ZodType>(row: Row, sql: Prisma.Sql): Promise<z.output<Row>[]>;
}

export interface Database {
  withTenant<Result>(companyId: number, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result>;
  /** The same without the ORM, at a fraction of its cost: for the order path, the payment inbox and renewals (D9). */
  withTenantSql<Result>(companyId: number, work: (tx: TenantSql) => Promise<Result>): Promise<Result>;
  /** Reads that belong together: one moment of the database, in which the server refuses to write or to lock. */
  withTenantSnapshot<Result>(companyId: number, work: (tx: TenantSql) => Promise<Result>): Promise<Result>;
  /** Each statement a transaction of its own, in one round trip: for reads that are one statement (D9). */
  eachAlone(companyId: number): TenantSql;
  readonly system: SystemConnection;
  /** Throws when PostgreSQL does not answer or when the role could bypass row-level security. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A place in the queue for a connection is worth waiting for this long: a rush is served late rather than refused, still
 * within the API's deadline (D2). A server that is down answers at once all the same.
 */
const connectionWaitMs = 15_000;

/** A server that is silent for this long is as good as away. No statement of ours takes a tenth of it. */
const silenceMs = 15_000;

/** Deadlock and serialisation failures: PostgreSQL rolled everything back, so the work may run again. */
const retryable = new Set(['40001', '40P01', 'P2034']);
const tries = 4;

/**
 * @param options.url of the role bmms_app, which owns nothing and bypasses no policy
 * @param options.poolSize connections at most
 */
export function openDatabase(options: { url: string; poolSize: number }): Database {
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: connectionWaitMs,
    query_timeout: silenceMs,
  });
  // A connection that dies while idle must not end the process; the next statement finds out.
  pool.on('error', () => undefined);
  closeWhatIsOpen(pool);
  // Made at its first use: its query compiler takes some 80 MB, and a worker seldom needs it.
  let client: PrismaClient | undefined;
  const prisma = (): PrismaClient => (client ??= new PrismaClient({ adapter: new PrismaPg(pool) }));

  const runOnce = <Result>(companyId: number, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> =>
    prisma().$transaction(
      async (orm) => {
        await orm.$executeRaw`SELECT set_config('bmms.company_id', ${String(companyId)}, true)`;

        return work({
          companyId,
          orm,
          query: async (row, sql) => parseRows(row, await orm.$queryRaw(sql)),
          write: (sql, explain) => explained(orm.$executeRaw(sql), explain),
        });
      },
      { maxWait: connectionWaitMs, timeout: 30_000 },
    );

  return {
    withTenant: (companyId, work) => retryConflicts(companyId, () => runOnce(companyId, work)),
    withTenantSql: (companyId, work) => retryConflicts(companyId, () => runSqlTransaction(pool, companyId, work)),
    withTenantSnapshot: (companyId, work) =>
      retryConflicts(companyId, () => runSqlTransaction(pool, companyId, work, true)),
    eachAlone: (companyId) => ({
      companyId,
      query: (row, sql) => retryConflicts(companyId, () => runTenantStatement(pool, companyId, row, sql)),
      write: (sql, explain) =>
        explained(
          retryConflicts(companyId, () => runTenantStatement(pool, companyId, dbNothing, sql)),
          explain,
        ),
    }),
    system: { query: (row, sql) => runStatement(pool, row, sql) },
    async verify() {
      const [role] = await runStatement(
        pool,
        z.object({ bypasses: z.boolean() }),
        Prisma.sql`SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = current_user`,
      );

      if (role?.bypasses !== false) {
        throw new Error('DATABASE_URL names a role that bypasses row-level security. Use bmms_app.');
      }
    },
    async close() {
      await client?.$disconnect();
      await pool.end();
    },
  };
}

/**
 * Where a server is silent, a statement is given up, and then the word to roll back that waits behind it, unsent. The ORM
 * hands the connection on all the same: what runs on it next would be inside a transaction that is not its own, and a
 * statement that stands alone would be lost when that one is rolled back.
 */
function closeWhatIsOpen(pool: Pool): void {
  pool.on('release', (_error, client) => {
    // `I` is between transactions. The pool keeps none that is ending.
    if (client.getTransactionStatus() !== 'I') {
      client.end().catch(() => undefined);
    }
  });
}

async function retryConflicts<Result>(companyId: number, run: () => Promise<Result>): Promise<Result> {
  if (!Number.isSafeInteger(companyId) || companyId <= 0) {
    throw new Error(`Not a company id: ${String(companyId)}`);
  }

  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt === tries || !retryable.has(databaseErrorCode(error) ?? '')) {
        throw error;
      }
    }
  }
}

async function explained(done: Promise<unknown>, explain: ((error: unknown) => unknown) | undefined): Promise<void> {
  try {
    await done;
  } catch (error) {
    throw explain === undefined ? error : explain(error);
  }
}

function parseRows<Row extends z.ZodType>(row: Row, rows: unknown): z.output<Row>[] {
  return (rows as unknown[]).map((value) => row.parse(value));
}

/**
 * SQLSTATE (`23505`), Prisma code (`P2002`) or kind of the adapter (`ConnectionClosed`) of an error that came from the
 * database; undefined for any other.
 */
export function databaseErrorCode(error: unknown): string | undefined {
  if (error instanceof DatabaseError) {
    return error.code;
  }

  // Of beginning and ending a transaction, the ORM hands on what its adapter threw as it is.
  if (error instanceof Error && error.name === 'DriverAdapterError') {
    const { originalCode, kind } = error.cause as { originalCode?: string; kind?: string };

    return originalCode ?? kind;
  }

  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) {
    return undefined;
  }

  const cause = (error.meta?.['driverAdapterError'] as { cause?: { originalCode?: string } } | undefined)?.cause;

  return cause?.originalCode ?? (error.meta?.['code'] as string | undefined) ?? error.code;
}
