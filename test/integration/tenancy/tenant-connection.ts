import { Client, DatabaseError } from 'pg';

/** What a statement came to: rows, or why it was refused. */
export type Outcome =
  { rows: Record<string, unknown>[]; count: number } | { refused: string; constraint: string | null };

/** A raw connection as bmms_app, past every layer of the product. */
export interface TenantConnection {
  /** Runs work in a transaction of `companyId` (null: of none), and commits it if it is allowed. */
  commit(companyId: number | null, work: (client: Client) => Promise<Result>): Promise<Outcome>;
  /** The same, but whatever was done is taken back. */
  attempt(companyId: number | null, work: (client: Client) => Promise<Result>): Promise<Outcome>;
  close(): Promise<void>;
}

type Result = { rows: unknown[]; rowCount: number | null };

export async function connectAsApp(url: string): Promise<TenantConnection> {
  const client = new Client({ connectionString: url });
  await client.connect();

  const run = async (
    end: 'COMMIT' | 'ROLLBACK',
    companyId: number | null,
    work: (client: Client) => Promise<Result>,
  ) => {
    await client.query('BEGIN');
    if (companyId !== null) {
      await client.query(`SELECT set_config('bmms.company_id', $1, true)`, [String(companyId)]);
    }

    try {
      const { rows, rowCount } = await work(client);
      await client.query(end);

      return { rows: rows as Record<string, unknown>[], count: rowCount ?? 0 };
    } catch (error) {
      await client.query('ROLLBACK');
      if (!(error instanceof DatabaseError)) {
        throw error;
      }

      return { refused: error.code ?? 'unknown', constraint: error.constraint ?? null };
    }
  };

  return {
    commit: (companyId, work) => run('COMMIT', companyId, work),
    attempt: (companyId, work) => run('ROLLBACK', companyId, work),
    close: () => client.end(),
  };
}
