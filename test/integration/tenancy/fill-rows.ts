import { randomUUID } from 'node:crypto';

import { type Client, escapeIdentifier, type QueryResult } from 'pg';

import { isRequiredKey, type TenantTable } from './tenant-tables';

export type Row = Record<string, unknown>;
/** One row of every table, by table name. */
export type Rows = Record<string, Row>;

let ordinal = 1_000_000;

/**
 * Values for the columns that must have one, made from their types; foreign keys point to `parents`. So a table that is
 * added later is covered without a word here.
 */
export function makeRow(table: TenantTable, companyId: number, parents: Rows): Row {
  const row: Row = {};

  for (const column of table.columns.filter(({ isRequired, isGenerated }) => isRequired && !isGenerated)) {
    row[column.name] = makeValue(table, column.name, column.type);
  }
  for (const key of table.foreignKeys.filter((candidate) => isRequiredKey(table, candidate))) {
    Object.assign(row, referenceTo(key, parents));
  }
  row[table.tenantColumn] = companyId;

  return row;
}

/** Values of the columns of a foreign key that point to the parent among `parents`. */
export function referenceTo(key: TenantTable['foreignKeys'][number], parents: Rows): Row {
  const parent = parents[key.parent];

  return Object.fromEntries(key.columns.map((name, index) => [name, parent?.[key.parentColumns[index] ?? '']]));
}

/**
 * Inserts what is given.
 * @param suffix such as RETURNING *; without it, nothing of the row is read, so that only the policy for writing speaks
 */
export function insertRow(client: Client, table: TenantTable, row: Row, suffix = ''): Promise<QueryResult<Row>> {
  const names = Object.keys(row);

  return client.query<Row>(
    `INSERT INTO ${table.name} (${names.map(escapeIdentifier).join(', ')})
     VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) ${suffix}`,
    Object.values(row),
  );
}

function makeValue(table: TenantTable, name: string, type: string): unknown {
  ordinal += 1;
  const base = type.replace(/\(.*\)/, '');

  switch (base) {
    case 'bigint':
    case 'integer':
    case 'smallint':
    case 'numeric':
    case 'double precision':
      return base === 'smallint' ? ordinal % 30_000 : ordinal;
    case 'text':
    case 'character varying':
      return `t-${ordinal}`;
    case 'character':
      return 'VND';
    case 'boolean':
      return false;
    case 'uuid':
      return randomUUID();
    case 'jsonb':
    case 'json':
      return '{}';
    case 'timestamp with time zone':
    case 'date':
      return '2026-01-01T00:00:00Z';
    case 'tstzrange':
      return `[2026-01-01,2026-01-02)`;
    case 'bytea':
      return Buffer.from(`t-${ordinal}`);
    default:
      if (type.endsWith('[]')) {
        return '{}';
      }
      throw new Error(`${table.name}.${name} is of type ${type}, which this test cannot fill. Add it here.`);
  }
}
