import type { Client } from 'pg';

/** Tables that belong to the installation and not to a company. A new one is a decision: add it here with its reason. */
export const installationTables: Readonly<Record<string, string>> = {
  'platform.installation': 'identity of the installation (D10)',
  'platform.local_revisions': 'what was brought to the local target, which is the installation’s (D31)',
  'platform.service_state': 'services belong to the installation (D28, D31)',
  'platform.target_drift': 'a target is the installation’s (D31)',
  'sandbox.card_charges': 'the simulated card provider, which knows no companies',
  'sandbox.card_outages': 'the simulated card provider, which knows no companies',
  'sandbox.card_refunds': 'the simulated card provider, which knows no companies',
  'public._prisma_migrations': 'which migrations were applied',
};

export interface Column {
  name: string;
  type: string;
  isRequired: boolean;
  isGenerated: boolean;
}

export interface ForeignKey {
  name: string;
  columns: string[];
  parent: string;
  parentColumns: string[];
}

export interface TenantTable {
  /** schema.table */
  name: string;
  /** company_id, or id of platform.companies */
  tenantColumn: string;
  columns: Column[];
  primaryKey: string[];
  foreignKeys: ForeignKey[];
}

const userSchemas = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

/** Names of all tables there are. */
export async function listTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND ${userSchemas} ORDER BY 1`,
  );

  return rows.map((row) => row.name);
}

/** Every table that a company owns rows of, as the database describes itself; parents before children. */
export async function readTenantTables(client: Client): Promise<TenantTable[]> {
  const { rows } = await client.query<Omit<TenantTable, 'tenantColumn'>>(
    `SELECT n.nspname || '.' || c.relname AS name,
       (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                 'isRequired', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', 'isGenerated', a.attgenerated <> '')
               ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT json_agg(a.attname ORDER BY array_position(k.conkey, a.attnum))
          FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
         WHERE k.conrelid = c.oid AND k.contype = 'p') AS "primaryKey",
       coalesce((SELECT json_agg(json_build_object('name', k.conname, 'parent', pn.nspname || '.' || p.relname,
                 'columns', (SELECT json_agg(a.attname ORDER BY o.nth) FROM unnest(k.conkey) WITH ORDINALITY o (num, nth)
                               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.num),
                 'parentColumns', (SELECT json_agg(a.attname ORDER BY o.nth) FROM unnest(k.confkey) WITH ORDINALITY o (num, nth)
                               JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = o.num)) ORDER BY k.conname)
          FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
         WHERE k.conrelid = c.oid AND k.contype = 'f'), '[]') AS "foreignKeys"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${userSchemas} ORDER BY 1`,
  );
  const tables = rows
    .map((row) => ({ ...row, tenantColumn: row.name === 'platform.companies' ? 'id' : 'company_id' }))
    .filter((row) => row.columns.some((column) => column.name === row.tenantColumn))
    .filter((row) => !(row.name in installationTables));

  return parentsFirst(tables);
}

function parentsFirst(tables: TenantTable[]): TenantTable[] {
  const sorted: TenantTable[] = [];
  const waiting = [...tables];

  while (waiting.length > 0) {
    const next = waiting.findIndex((table) =>
      requiredParents(table).every((parent) => parent === table.name || !waiting.some(({ name }) => name === parent)),
    );

    if (next === -1) {
      throw new Error(`Tables need one another in a circle: ${waiting.map(({ name }) => name).join(', ')}`);
    }

    sorted.push(...waiting.splice(next, 1));
  }

  return sorted;
}

/** Parents without which no row can be: every column of the key is required. */
export function requiredParents(table: TenantTable): string[] {
  return table.foreignKeys.filter((key) => isRequiredKey(table, key)).map((key) => key.parent);
}

export function isRequiredKey(table: TenantTable, key: ForeignKey): boolean {
  return key.columns.every((name) => table.columns.find((column) => column.name === name)?.isRequired === true);
}
