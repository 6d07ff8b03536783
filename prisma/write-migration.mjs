/**
 * Writes the SQL of the next migration: what takes the schema of the last commit to the one in the working tree.
 *
 *   DATABASE_URL=postgresql://… node prisma/write-migration.mjs add_warehouses
 *
 * The schema engine is Prisma's own, compiled to WebAssembly, so nothing is downloaded. It wants some PostgreSQL to
 * connect to (`node test/run.mjs --serve` has one) and changes nothing there. Policies, checks, partial indexes and
 * functions are added to the file by hand; a new tenant table calls system.isolate_tenant_table.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const project = path.dirname(folder);
const require = createRequire(import.meta.url);
const [name] = process.argv.slice(2);

if (!/^[a-z][a-z0-9_]*$/.test(name ?? '') || !process.env.DATABASE_URL) {
  console.error('usage: DATABASE_URL=… node prisma/write-migration.mjs name_in_small_letters');
  process.exit(1);
}

const git = (...words) => execFileSync('git', words, { cwd: project, encoding: 'utf8' });
const committed = git('ls-tree', '--name-only', 'HEAD', 'prisma/schema/')
  .split('\n')
  .filter((file) => file.endsWith('.prisma'))
  .map((file) => ({ path: file, content: git('show', `HEAD:${file}`) }));
const wanted = readdirSync(path.join(folder, 'schema')).map((file) => ({
  path: `prisma/schema/${file}`,
  content: readFileSync(path.join(folder, 'schema', file), 'utf8'),
}));

const { PrismaPg } = require('@prisma/adapter-pg');
const { bindMigrationAwareSqlAdapterFactory } = require('@prisma/driver-adapter-utils');
const SchemaEngine = await loadSchemaEngine();
const connection = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: process.env.DATABASE_URL }));
const engine = await SchemaEngine.new(
  { datamodels: wanted.map((file) => [file.path, file.content]) },
  () => {},
  connection,
);
const { stdout } = await engine.diff({
  from: committed.length === 0 ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: committed },
  to: { tag: 'schemaDatamodel', files: wanted },
  script: true,
  exitCode: true,
  shadowDatabaseUrl: null,
  filters: { externalTables: [], externalEnums: [] },
});

const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const target = path.join(folder, 'migrations', `${stamp}_${name}`);
mkdirSync(target, { recursive: true });
writeFileSync(path.join(target, 'migration.sql'), `${(stdout ?? '').trim()}\n`);
console.log(path.relative(process.cwd(), path.join(target, 'migration.sql')));
process.exit(0);

/** The package exports only an entry that loads itself from a file URL; its parts are put together here. */
async function loadSchemaEngine() {
  const parts = path.join(project, 'node_modules', '@prisma', 'schema-engine-wasm');
  const glue = await import(pathToFileURL(path.join(parts, 'schema_engine_bg.js')).href);
  const module = await WebAssembly.instantiate(readFileSync(path.join(parts, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': glue,
  });
  glue.__wbg_set_wasm(module.instance.exports);
  module.instance.exports.__wbindgen_start?.();

  return glue.SchemaEngine;
}
