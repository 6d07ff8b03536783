import { Client, type QueryResultRow } from 'pg';

/** Runs work on a connection of the owner, who sees every company's rows. */
export async function asOwner<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();

  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Rows of one statement run by the owner. */
export function queryAsOwner<Row extends QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return asOwner(url, async (client) => (await client.query<Row>(sql, values)).rows);
}

/** The same server and login, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;

  return changed.toString();
}
