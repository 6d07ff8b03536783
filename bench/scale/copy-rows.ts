import { Client } from 'pg';

/** Rows that are made of one that stands there, `count` of them. */
export interface Copies {
  /** schema.table */
  table: string;
  /** SQL over `t` that names the one row. */
  like: string;
  count: number;
  /** What differs: SQL by column, over the row `t` and `n`, from 1 to `count`. The rest is as in the row. */
  set: Record<string, string>;
}

/** Copies a row by one statement, past triggers and foreign keys: the caller's columns must fit together. @returns rows made */
export async function copyRows(client: Client, { table, like, count, set }: Copies): Promise<number> {
  const [schema, name] = table.split('.');
  const { rows } = await client.query<{ column_name: string }>(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 AND is_generated = 'NEVER'`,
    [schema, name],
  );
  const columns = rows.map(({ column_name: column }) => column);
  const unknown = Object.keys(set).filter((column) => !columns.includes(column));

  if (unknown.length > 0) {
    throw new Error(`${table} has no column ${unknown.join(', ')}.`);
  }
  const { rowCount } = await client.query(
    `INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(', ')}) OVERRIDING SYSTEM VALUE
     SELECT ${columns.map((column) => set[column] ?? `t."${column}"`).join(', ')}
       FROM ${table} t CROSS JOIN generate_series(1, ${count}) AS n WHERE ${like}`,
  );

  if (rowCount !== count) {
    throw new Error(`${table}: ${rowCount} rows for ${count}.`);
  }

  return count;
}

/** New rows get ids above those that were made. */
export async function continueSequences(client: Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await client.query(`SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT max(id) FROM ${table}))`, [table]);
  }
}

/**
 * Makes copies in their order, on a connection of its own, and has ids and plans go by them.
 * @param then `ANALYZE`, or `VACUUM (ANALYZE)` where rows are read without their pages
 */
export async function makeCopies(
  adminUrl: string,
  all: readonly Copies[],
  then: 'ANALYZE' | 'VACUUM (ANALYZE)',
): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();

  try {
    await client.query('SET session_replication_role = replica');

    for (const copies of all) {
      await copyRows(client, copies);
    }
    await continueSequences(
      client,
      all.map(({ table }) => table),
    );
    await client.query(then);
  } finally {
    await client.end();
  }
}
