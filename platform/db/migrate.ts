import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** One number for every runner of every version: only one may migrate a database at a time. */
const advisoryLock = 7_302_118_021;

export interface MigrationReport {
  applied: string[];
  alreadyApplied: number;
}

/**
 * Applies `prisma/migrations/<name>/migration.sql` in order, each in a transaction of its own with its row of
 * `_prisma_migrations`, under an advisory lock; then lets the role bmms_app log in.
 * @param options.adminUrl of a role that may create tables and roles
 * @param options.appPassword password that bmms_app gets; left as it is when absent
 * @throws Error when an applied migration's file was changed or is gone.
 */
export async function migrateDatabase(options: {
  adminUrl: string;
  appPassword?: string | undefined;
  directory: string;
  onApply?: (name: string) => void;
}): Promise<MigrationReport> {
  const client = new Client({ connectionString: options.adminUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();

  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(migrationsTable);
    const report = await applyPending(client, options);
    await letTheAppLogIn(client, options.appPassword);

    return report;
  } finally {
    await client.end();
  }
}

/** The columns that Prisma's own tools read and write. */
const migrationsTable = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL,
  logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

async function applyPending(
  client: Client,
  options: { directory: string; onApply?: (name: string) => void },
): Promise<MigrationReport> {
  const entries = await readdir(options.directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const done = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const unknown = [...done.keys()].filter((name) => !names.includes(name));

  if (unknown.length > 0) {
    throw new Error(`This database was migrated by a newer version: ${unknown.join(', ')} is not known here.`);
  }

  const report: MigrationReport = { applied: [], alreadyApplied: 0 };

  for (const name of names) {
    const sql = await readFile(path.join(options.directory, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');

    if (done.has(name)) {
      if (done.get(name) !== checksum) {
        throw new Error(`Migration ${name} was changed after it had been applied. Add a new migration instead.`);
      }
      report.alreadyApplied += 1;
      continue;
    }

    options.onApply?.(name);
    await applyOne(client, name, sql, checksum);
    report.applied.push(name);
  }

  return report;
}

async function applyOne(client: Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('BEGIN');

  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function letTheAppLogIn(client: Client, password: string | undefined): Promise<void> {
  if (password !== undefined) {
    await client.query(`ALTER ROLE bmms_app LOGIN PASSWORD ${escapeLiteral(password)}`);
  }

  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const name = rows[0]?.name ?? '';
  await client.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(name)} TO bmms_app`);
}
