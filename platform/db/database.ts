import { PrismaPg } from '@prisma/adapter-pg';
import type { z } from 'zod';

import { Prisma, PrismaClient } from './generated/client';

export { Prisma } from './generated/client';

/**
 * What code of one company may touch: every statement runs under row-level security for `companyId` (D6).
 * `orm` is for clarity, `query` for the set-based statements of the hot paths (D9); its rows are parsed.
 */
export interface TenantTransaction {
  readonly companyId: number;
  readonly orm: Prisma.TransactionClient;
  query<Row extends z.ZodType>(row: Row, sql: Prisma.Sql): Promise<z.output<Row>[]>;
}

/** Work without a tenant: only the functions of the PostgreSQL schema `system` and tables no company owns. */
export interface SystemConnection {
  query<Row extends z.ZodType>(row: Row, sql: Prisma.Sql): Promise<z.output<Row>[]>;
}

export interface Database {
  withTenant<Result>(companyId: number, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result>;
  readonly system: SystemConnection;
  /** Throws when PostgreSQL does not answer or when the role could bypass row-level security. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/** Deadlock and serialisation failures: PostgreSQL rolled everything back, so the work may run again. */
const retryable = new Set(['40001', '40P01', 'P2034']);
const tries = 4;

/**
 * @param options.url of the role bmms_app, which owns nothing and bypasses no policy
 * @param options.poolSize connections at most
 */
export function openDatabase(options: { url: string; poolSize: number }): Database {
  const adapter = new PrismaPg({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
  });
  const prisma = new PrismaClient({ adapter });

  const runOnce = <Result>(companyId: number, work: (tx: TenantTransaction) => Promise<Result>): Promise<Result> =>
    prisma.$transaction(
      async (orm) => {
        await orm.$executeRaw`SELECT set_config('bmms.company_id', ${String(companyId)}, true)`;

        return work({ companyId, orm, query: async (row, sql) => parseRows(row, await orm.$queryRaw(sql)) });
      },
      { maxWait: 10_000, timeout: 30_000 },
    );

  return {
    async withTenant(companyId, work) {
      if (!Number.isSafeInteger(companyId) || companyId <= 0) {
        throw new Error(`Not a company id: ${String(companyId)}`);
      }

      for (let attempt = 1; ; attempt += 1) {
        try {
          return await runOnce(companyId, work);
        } catch (error) {
          if (attempt === tries || !retryable.has(databaseErrorCode(error) ?? '')) {
            throw error;
          }
        }
      }
    },
    system: { query: async (row, sql) => parseRows(row, await prisma.$queryRaw(sql)) },
    async verify() {
      const [role] = await prisma.$queryRaw<{ bypasses: boolean }[]>`
        SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = current_user`;

      if (role?.bypasses !== false) {
        throw new Error('DATABASE_URL names a role that bypasses row-level security. Use bmms_app.');
      }
    },
    close: () => prisma.$disconnect(),
  };
}

function parseRows<Row extends z.ZodType>(row: Row, rows: unknown): z.output<Row>[] {
  return (rows as unknown[]).map((value) => row.parse(value));
}

/** SQLSTATE (`23505`) or Prisma code (`P2002`) of an error that came from the database; undefined for any other. */
export function databaseErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) {
    return undefined;
  }

  const cause = (error.meta?.['driverAdapterError'] as { cause?: { originalCode?: string } } | undefined)?.cause;

  return cause?.originalCode ?? (error.meta?.['code'] as string | undefined) ?? error.code;
}
