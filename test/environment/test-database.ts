import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { type Client, escapeIdentifier } from 'pg';

import { type Database, openDatabase } from '../../platform/db/database';
import { migrateDatabase } from '../../platform/db/migrate';
import { asOwner, withDatabase } from './admin';
import { projectFolder, testServers } from './servers';

/** Every database of the test server knows the role bmms_app by it. */
export const appPassword = 'test-app-password';

/** Only one process at a time makes the template, and none clones it meanwhile. */
const templateLock = 7_302_118_022;
const migrations = path.join(projectFolder, 'prisma', 'migrations');

export interface TestDatabase {
  name: string;
  /** Of the owner, who migrates and sees everything. */
  adminUrl: string;
  /** Of the role bmms_app, as the product connects. */
  appUrl: string;
  /** Opened on first use as bmms_app, closed by `drop`. */
  readonly database: Database;
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database for one test file; `drop` it in afterAll. It is cloned from a template that is migrated once
 * per set of migrations, so it costs about a tenth of a second.
 */
export async function createTestDatabase(options: { poolSize?: number } = {}): Promise<TestDatabase> {
  const { postgresAdminUrl } = testServers();
  const name = `test_${randomBytes(6).toString('hex')}`;

  await asOwner(postgresAdminUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const template = await ensureTemplate(client, postgresAdminUrl);
    await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
  });

  const adminUrl = withDatabase(postgresAdminUrl, name);
  const appUrl = new URL(adminUrl);
  appUrl.username = 'bmms_app';
  appUrl.password = appPassword;
  let opened: Database | undefined;

  return {
    name,
    adminUrl,
    appUrl: appUrl.toString(),
    get database() {
      opened ??= openDatabase({ url: appUrl.toString(), poolSize: options.poolSize ?? 8 });

      return opened;
    },
    async drop() {
      await opened?.close();
      await asOwner(postgresAdminUrl, (client) => client.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`));
    },
  };
}

/** The template's name tells which migrations it holds; one that was not finished has another name. */
async function ensureTemplate(client: Client, adminUrl: string): Promise<string> {
  const name = `template_${hashMigrations()}`;
  const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);

  if (rows.length > 0) {
    return name;
  }
  const unfinished = `${name}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(unfinished)} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${escapeIdentifier(unfinished)}`);
  await migrateDatabase({ adminUrl: withDatabase(adminUrl, unfinished), appPassword, directory: migrations });
  await client.query(`ALTER DATABASE ${escapeIdentifier(unfinished)} RENAME TO ${escapeIdentifier(name)}`);

  return name;
}

function hashMigrations(): string {
  const hash = createHash('sha256');

  for (const entry of readdirSync(migrations, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) {
      hash.update(entry.name).update(readFileSync(path.join(migrations, entry.name, 'migration.sql')));
    }
  }

  return hash.digest('hex').slice(0, 12);
}
