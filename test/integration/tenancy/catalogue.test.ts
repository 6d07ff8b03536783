import { Client } from 'pg';

import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { installationTables, listTables, readTenantTables } from './tenant-tables';

let testDatabase: TestDatabase;
let owner: Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  owner = new Client({ connectionString: testDatabase.adminUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner?.end();
  await testDatabase?.drop();
});

const userSchemas = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

async function ask<Row>(sql: string): Promise<Row[]> {
  return (await owner.query(sql)).rows as Row[];
}

/** Why a table of companies is not isolated as the others are; empty when it is. */
async function findLoose(): Promise<string[]> {
  const tables = await readTenantTables(owner);
  const secured = await ask<{ name: string; policies: string[] | null; forced: boolean }>(
    `SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
       (SELECT array_agg(p.polname || ' ' || p.polcmd::text || ' ' || p.polpermissive::text || ' ' ||
                 (SELECT string_agg(CASE r WHEN 0 THEN 'public' WHEN c.relowner THEN 'owner' ELSE r::regrole::text END, ',') FROM unnest(p.polroles) r) || ' ' ||
                 coalesce(pg_get_expr(p.polqual, p.polrelid), 'none') || ' / ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'none') ORDER BY p.polname)
          FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')`,
  );

  return tables.flatMap(({ name, tenantColumn }) => {
    const table = secured.find((row) => row.name === name);
    const tenant = `(${tenantColumn} = ( SELECT (NULLIF(current_setting('bmms.company_id'::text, true), ''::text))::bigint AS "nullif"))`;
    const wanted = [
      'owner_access * true owner true / true',
      'system_access * true bmms_system true / true',
      `tenant_isolation * true bmms_app ${tenant} / ${tenant}`,
    ];

    return table?.forced === true && JSON.stringify(table.policies) === JSON.stringify(wanted)
      ? []
      : [`${name}: forced ${table?.forced}, ${JSON.stringify(table?.policies)}`];
  });
}

describe('tables', () => {
  it('belong to a company, or are known to belong to the installation', async () => {
    const tenant = (await readTenantTables(owner)).map(({ name }) => name);
    const others = (await listTables(owner)).filter((name) => !tenant.includes(name));

    expect(others.sort()).toEqual(Object.keys(installationTables).sort());
  });

  it('of companies are under forced row-level security with the one policy for the app', async () => {
    expect(await findLoose()).toEqual([]);
  });

  it('that are added without a policy are noticed', async () => {
    await owner.query('CREATE TABLE customer.forgotten (id bigint PRIMARY KEY, company_id bigint NOT NULL)');

    try {
      expect(await findLoose()).toEqual([expect.stringMatching(/^customer\.forgotten: forced false/)]);
      await owner.query(`CALL system.isolate_tenant_table('customer.forgotten', 'company_id')`);
      expect(await findLoose()).toEqual([]);
      await owner.query('CREATE POLICY too_much ON customer.forgotten TO bmms_app USING (true)');
      expect(await findLoose()).toEqual([expect.stringMatching(/^customer\.forgotten: .*too_much/)]);
    } finally {
      await owner.query('DROP TABLE customer.forgotten');
    }
  });

  it('are read by no view that would bypass the policies of its reader', async () => {
    const views = await ask(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('v', 'm') AND ${userSchemas}
          AND (c.relkind = 'm' OR NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))`,
    );

    expect(views).toEqual([]);
  });

  it('have unique keys that hold the company, or values that nobody can choose', async () => {
    const keys = await ask<{ name: string }>(
      `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE i.indisunique AND ${userSchemas} AND n.nspname NOT IN ('public', 'sandbox')
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id')
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id' AND a.attnum = ANY (i.indkey::int2[]))
          AND (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])) <> ARRAY['id'] ORDER BY 1`,
    );

    expect(keys.map(({ name }) => name)).toEqual([
      'customer.refresh_tokens_token_hash_key',
      'finance.payments_reference_key',
      'finance.provider_events_provider_reference_outcome_key',
      'platform.deployment_one_of_a_target',
      'platform.events_position_key',
    ]);
  });
});

describe('the role bmms_app', () => {
  it('cannot bypass a policy, nor become or make a role that can', async () => {
    expect(
      await ask(
        `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
           (SELECT count(*)::int FROM pg_auth_members m WHERE m.member = r.oid) AS memberships
         FROM pg_roles r WHERE rolname = 'bmms_app'`,
      ),
    ).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreatedb: false,
        rolcreaterole: false,
        rolreplication: false,
        memberships: 0,
      },
    ]);
  });

  it('owns nothing and can make nothing', async () => {
    const owned = await ask(
      `SELECT classid::regclass::text, objid FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'bmms_app'::regrole`,
    );
    const schemas = await ask(
      `SELECT n.nspname FROM pg_namespace n WHERE has_schema_privilege('bmms_app', n.oid, 'CREATE') AND ${userSchemas}`,
    );

    expect(owned).toEqual([]);
    expect(schemas).toEqual([]);
  });

  it('cannot delete what is never deleted, nor change what is only appended', async () => {
    const may = await ask<{ name: string }>(
      `SELECT t || ' ' || p AS name FROM unnest(ARRAY['platform.events', 'platform.companies', 'finance.invoices', 'finance.payments', 'finance.refunds',
         'finance.provider_events', 'finance.invoice_counters', 'ordering.orders', 'ordering.inventory_movements']) t,
         unnest(ARRAY['DELETE', 'TRUNCATE']) p WHERE has_table_privilege('bmms_app', t, p)
       UNION ALL SELECT 'platform.events UPDATE' WHERE has_table_privilege('bmms_app', 'platform.events', 'UPDATE')`,
    );

    expect(may).toEqual([]);
  });
});

describe('the role bmms_system', () => {
  it('cannot log in, bypass a policy, or be taken on by anybody', async () => {
    expect(
      await ask(
        `SELECT rolsuper, rolbypassrls, rolcanlogin,
           (SELECT count(*)::int FROM pg_auth_members m JOIN pg_roles a ON a.oid = m.member WHERE m.roleid = r.oid AND NOT a.rolsuper AND m.set_option) AS members
         FROM pg_roles r WHERE rolname = 'bmms_system'`,
      ),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: false, members: 0 }]);
  });
});
