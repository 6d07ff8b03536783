import type { Client } from 'pg';

/** Bookkeeping that a refusal may leave: kept answers of keys, sessions that a reused token ended, guessed passwords. */
const bookkeeping = ['platform.idempotency_keys', 'customer.refresh_tokens', 'customer.login_attempts'];

/** Columns that the outbox and relays fill in later, by themselves. */
const later = ['position', 'published_at', 'signalled_at'];

/** And those that a delivery under way fills in. */
const delivery: Readonly<Record<string, readonly string[]>> = {
  'platform.notices': ['status', 'attempts', 'next_attempt_at', 'last_error', 'sent_at', 'skipped_at'],
};

/** That an account was guessed at too often is told of by the guess itself. */
const told: Readonly<Record<string, string>> = {
  'platform.events': "AND t.type <> 'user.login_throttled'",
  'platform.event_subjects': "AND t.subject NOT LIKE 'user/%'",
};

/**
 * A function that sums up, table by table, everything a company owns: row counts and a hash of all values. Found in the
 * catalogue of the database, so that new tables take part by themselves.
 */
export async function createFingerprint(
  client: Client,
  companyId: number,
): Promise<() => Promise<Record<string, string>>> {
  const { rows } = await client.query<{ name: string; tenant: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, CASE WHEN c.relname = 'companies' THEN 'id' ELSE 'company_id' END AS tenant
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND (c.relname = 'companies' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id'))
      ORDER BY 1`,
  );
  const tables = rows.filter(({ name }) => !bookkeeping.includes(name));
  const sql = tables
    .map(
      ({ name, tenant }) =>
        `SELECT '${name}' AS name, count(*) || ':' || coalesce(sum(hashtextextended((to_jsonb(t) - ARRAY['${[...later, ...(delivery[name] ?? [])].join("','")}'])::text, 0)::numeric), 0) AS sum
           FROM ${name} t WHERE t.${tenant} = ${companyId} ${told[name] ?? ''}`,
    )
    .join(' UNION ALL ');

  return async () => {
    const { rows: sums } = await client.query<{ name: string; sum: string }>(sql);

    return Object.fromEntries(sums.map(({ name, sum }) => [name, sum]));
  };
}
