import { Client, escapeIdentifier } from 'pg';

import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { insertRow, makeRow, referenceTo, type Row, type Rows } from './fill-rows';
import { connectAsApp, type Outcome, type TenantConnection } from './tenant-connection';
import { readTenantTables, type TenantTable } from './tenant-tables';

/** SQLSTATE of a policy or a missing privilege, and of a foreign key. */
const notAllowed = '42501';
const noSuchParent = '23503';

const companyA = 101;
const companyB = 202;

let testDatabase: TestDatabase;
let owner: Client;
let app: TenantConnection;
let tables: TenantTable[];
const rowsOf: Record<number, Rows> = { [companyA]: {}, [companyB]: {} };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new Client({ connectionString: testDatabase.adminUrl });
  await owner.connect();
  tables = await readTenantTables(owner);
  await loosenRules();
  app = await connectAsApp(testDatabase.appUrl);

  for (const companyId of [companyA, companyB]) {
    for (const table of tables) {
      const outcome = await app.commit(companyId, (client) =>
        insertRow(client, table, makeRow(table, companyId, rowsOf[companyId]!), 'RETURNING *'),
      );

      if ('refused' in outcome) {
        throw new Error(`${table.name} takes no row that is made from its types: ${JSON.stringify(outcome)}`);
      }
      rowsOf[companyId]![table.name] = outcome.rows[0]!;
    }
  }
});

afterAll(async () => {
  await app?.close();
  await owner?.end();
  await testDatabase?.drop();
});

/** Checks and triggers are about values; without them a row of any table can be made from its types alone. */
async function loosenRules(): Promise<void> {
  const { rows } = await owner.query<{ sql: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS sql
       FROM pg_constraint WHERE contype IN ('c', 'x') AND conrelid <> 0 AND connamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );

  for (const { sql } of rows) {
    await owner.query(sql);
  }
  // Unique indexes that no key refers to: a row that differs from another in one reference only must reach that reference.
  const { rows: indexes } = await owner.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index
      WHERE indisunique AND NOT indisprimary AND indrelid = ANY ($1::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [tables.map(({ name }) => name)],
  );

  for (const { name } of indexes) {
    await owner.query(`DROP INDEX ${name}`);
  }
  for (const { name } of tables) {
    await owner.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  }
}

const foreign = (table: TenantTable): Row => rowsOf[companyB]![table.name]!;

/** Every company's rows of a table as one text, seen past all policies. */
async function fingerprint(table: TenantTable): Promise<unknown> {
  const { rows } = await owner.query(
    `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash, count(*) FROM ${table.name} t`,
  );

  return rows[0];
}

/** Runs a check on every table and says of which tables it does not hold. */
async function expectOfEvery(check: (table: TenantTable) => Promise<string | null>): Promise<void> {
  const failures: string[] = [];

  for (const table of tables) {
    const failure = await check(table);

    if (failure !== null) {
      failures.push(`${table.name}: ${failure}`);
    }
  }

  expect(failures).toEqual([]);
}

const sawNothing = (outcome: Outcome): string | null => {
  if ('refused' in outcome) {
    return outcome.refused === notAllowed ? null : `failed with ${outcome.refused}`;
  }

  return outcome.count === 0 ? null : `reached ${outcome.count} rows`;
};
const wasRefused = (outcome: Outcome, code = notAllowed): string | null =>
  'refused' in outcome && outcome.refused === code ? null : `came to ${JSON.stringify(outcome)}`;

const keyOf = (table: TenantTable) => ({
  where: table.primaryKey.map((name, index) => `${escapeIdentifier(name)} = $${index + 1}`).join(' AND '),
  values: table.primaryKey.map((name) => foreign(table)[name]),
});

it('finds tables of companies, and a row of each of two companies in every one', async () => {
  expect(tables.length).toBeGreaterThan(20);
  await expectOfEvery(async (table) => {
    const { rows } = await owner.query(
      `SELECT count(DISTINCT ${table.tenantColumn})::int AS companies FROM ${table.name}`,
    );

    return (rows[0] as { companies: number }).companies === 2 ? null : 'is not filled';
  });
});

it('shows a company its own rows and none of another, whether asked for all, by company, or by key', async () => {
  await expectOfEvery(async (table) => {
    const all = await app.attempt(companyA, (client) => client.query(`SELECT * FROM ${table.name}`));
    const byCompany = await app.attempt(companyA, (client) =>
      client.query(`SELECT * FROM ${table.name} WHERE ${table.tenantColumn} = $1`, [companyB]),
    );
    const { where, values } = keyOf(table);
    const byKey = await app.attempt(companyA, (client) =>
      client.query(`SELECT * FROM ${table.name} WHERE ${where}`, values),
    );
    const isOwnOnly =
      'rows' in all && all.count > 0 && all.rows.every((row) => Number(row[table.tenantColumn]) === companyA);

    return isOwnOnly ? (sawNothing(byCompany) ?? sawNothing(byKey)) : `shows ${JSON.stringify(all)}`;
  });
});

it('lets a company neither change nor delete nor lock rows of another', async () => {
  await expectOfEvery(async (table) => {
    const before = await fingerprint(table);
    const column = escapeIdentifier(table.columns.find(({ isGenerated }) => !isGenerated)?.name ?? '');
    const { where, values } = keyOf(table);
    const statements = [
      `UPDATE ${table.name} SET ${column} = ${column} WHERE ${where}`,
      `DELETE FROM ${table.name} WHERE ${where}`,
      `SELECT * FROM ${table.name} WHERE ${where} FOR UPDATE`,
    ];

    for (const sql of statements) {
      const failure = sawNothing(await app.commit(companyA, (client) => client.query(sql, values)));

      if (failure !== null) {
        return `${sql.slice(0, 6)} ${failure}`;
      }
    }

    return JSON.stringify(await fingerprint(table)) === JSON.stringify(before) ? null : 'changed';
  });
});

it('lets a company neither insert a row for another nor give one of its own away', async () => {
  await expectOfEvery(async (table) => {
    const stranger = table.tenantColumn === 'id' ? 303 : companyB;
    const inserted = await app.attempt(companyA, (client) =>
      insertRow(client, table, makeRow(table, stranger, rowsOf[companyB]!)),
    );
    // Without a WHERE nothing is read, so that only the policy for writing speaks.
    const given = await app.attempt(companyA, (client) =>
      client.query(`UPDATE ${table.name} SET ${table.tenantColumn} = ${stranger}`),
    );

    return wasRefused(inserted) ?? wasRefused(given);
  });
});

it('lets no upsert take over a row of another by its key', async () => {
  await expectOfEvery(async (table) => {
    if (table.primaryKey.includes(table.tenantColumn)) {
      return null;
    }

    const row = { ...makeRow(table, companyA, rowsOf[companyA]!) };
    table.primaryKey.forEach((name) => (row[name] = foreign(table)[name]));
    const suffix = `ON CONFLICT (${table.primaryKey.join(', ')}) DO UPDATE SET ${table.tenantColumn} = EXCLUDED.${table.tenantColumn}`;
    const outcome = await app.attempt(companyA, (client) => insertRow(client, table, row, suffix));

    return wasRefused(outcome);
  });
});

it('lets no row of a company refer to a row of another', async () => {
  let checked = 0;

  await expectOfEvery(async (table) => {
    for (const key of table.foreignKeys.filter(({ columns }) => columns.length > 1)) {
      checked += 1;
      const row = {
        ...makeRow(table, companyA, rowsOf[companyA]!),
        ...referenceTo(key, rowsOf[companyB]!),
        [table.tenantColumn]: companyA,
      };
      const outcome = await app.attempt(companyA, (client) => insertRow(client, table, row));
      const failure = wasRefused(outcome, noSuchParent);

      if (failure !== null || !('constraint' in outcome) || outcome.constraint !== key.name) {
        return `${key.name} ${JSON.stringify(outcome)}`;
      }
    }

    return null;
  });
  expect(checked).toBeGreaterThan(20);
});

it('ties each table to its parents by keys that hold the company', async () => {
  const tenantTables = new Set(tables.map(({ name }) => name));

  await expectOfEvery(async (table) => {
    const loose = table.foreignKeys.filter(({ columns, parent, parentColumns }) => {
      const at = columns.indexOf(table.tenantColumn);
      const parentColumn = parent === 'platform.companies' ? 'id' : 'company_id';

      return !tenantTables.has(parent) || at === -1 || parentColumns[at] !== parentColumn;
    });

    return loose.length === 0 ? null : `has the keys ${loose.map(({ name }) => name).join(', ')}`;
  });
});

/** Ids that no key guards, each for a reason; a new one needs a composite foreign key or a line here. */
const unguardedReferences: Readonly<Record<string, string>> = {
  'ordering.inventory_movements.user_id': 'a super_admin of another company may have done it',
  'ordering.price_moves.user_id': 'the same',
  'platform.deployments.user_id': 'the same',
  'product.price_versions.user_id': 'the same',
  'platform.idempotency_keys.target_id': 'reserved before the row exists (D2)',
  'usage.threshold_looks.subscription_id': 'recording usage must not wait for the lock of the subscription',
};

it('guards every reference between tables of companies by a key', async () => {
  const unguarded = tables.flatMap((table) => {
    const guarded = new Set(table.foreignKeys.flatMap(({ columns }) => columns));

    return table.columns
      .filter(
        ({ name, type }) => type === 'bigint' && name.endsWith('_id') && name !== 'company_id' && !guarded.has(name),
      )
      .map(({ name }) => `${table.name}.${name}`);
  });

  expect(unguarded.sort()).toEqual(Object.keys(unguardedReferences).sort());
});

it('shows nothing and takes nothing where no company is set', async () => {
  await expectOfEvery(async (table) => {
    const seen = await app.attempt(null, (client) => client.query(`SELECT * FROM ${table.name}`));
    const emptied = await app.attempt(null, async (client) => {
      await client.query(`SELECT set_config('bmms.company_id', '', true)`);

      return client.query(`SELECT * FROM ${table.name}`);
    });
    const inserted = await app.attempt(null, (client) =>
      insertRow(client, table, makeRow(table, companyA, rowsOf[companyA]!)),
    );

    return sawNothing(seen) ?? sawNothing(emptied) ?? wasRefused(inserted);
  });
});

it('refuses a company that is no number', async () => {
  for (const value of ['abc', '101 OR true', `101'--`]) {
    const outcome = await app.attempt(null, async (client) => {
      await client.query(`SELECT set_config('bmms.company_id', $1, true)`, [value]);

      return client.query('SELECT * FROM customer.customers');
    });

    expect(outcome).toMatchObject({ refused: '22P02' });
  }
});

it('lets nobody empty a table', async () => {
  await expectOfEvery(async (table) =>
    wasRefused(await app.attempt(companyA, (client) => client.query(`TRUNCATE ${table.name} CASCADE`))),
  );
});
