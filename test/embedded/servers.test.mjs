import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { projectFolder } from '../../embedded/bootstrap/folders.mjs';
import { nextFreePort } from '../../embedded/processes/free-port.mjs';
import { createPortClaims } from '../../embedded/processes/port-claims.mjs';
import { preparePostgresBinaries } from '../../embedded/postgres/postgres-binaries.mjs';
import { startPostgres } from '../../embedded/postgres/postgres.mjs';
import { chooseServerUser } from '../../embedded/postgres/server-user.mjs';
import { obtainTemporal } from '../../embedded/temporal/temporal-binary.mjs';
import { startTemporal } from '../../embedded/temporal/temporal-server.mjs';
import { makeTemporaryFolder } from './temporary-folder.mjs';

const { Client } = createRequire(import.meta.url)('pg');

/** @param {number | undefined} parent @returns {number[]} its processes: by /proc on Linux, by pgrep elsewhere */
function childrenOf(parent) {
  if (!existsSync('/proc/self/stat')) {
    return execFileSync('pgrep', ['-P', String(parent)], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  }
  const parentOf = (/** @type {string} */ pid) => {
    try {
      // After the name in parentheses, which may hold anything: state, then the parent.
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
    } catch {
      return null;
    }
  };

  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === parent)
    .map(Number);
}

describe('PostgreSQL', () => {
  const folder = makeTemporaryFolder();
  chmodSync(folder, 0o711);
  const claims = createPortClaims(path.join(folder, 'ports'));
  /** @type {import('../../embedded/processes/child-process.mjs').Child[]} */
  const children = [];
  let wantedPort = 0;
  before(async () => {
    wantedPort = await nextFreePort(27_300);
  });
  const start = (
    /** @type {Partial<import('../../embedded/postgres/postgres.mjs').PostgresOptions>} */ options = {},
  ) => {
    const user = chooseServerUser();
    return startPostgres({
      binaries: preparePostgresBinaries({ projectFolder, user, toolFolders: [path.join(folder, 'tools')] }),
      folder: path.join(folder, 'postgres'),
      user,
      adminPassword: 'first',
      durable: true,
      wantedPort,
      claimPort: claims.claim,
      logFile: path.join(folder, 'postgres.log'),
      token: 'test',
      onChild: (child) => children.push(child),
      ...options,
    });
  };
  const query = async (/** @type {string} */ url, /** @type {string} */ sql) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  after(async () => {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('listens on loopback, asks for the password, syncs, and keeps rows over a kill -9', async () => {
    const server = await start();
    assert.equal(server.created, true);
    await query(server.adminUrl, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    const [settings] = await query(
      server.adminUrl,
      `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS addresses,
        current_setting('TimeZone') AS zone, current_setting('data_checksums') AS checksums`,
    );
    assert.deepEqual(settings, { fsync: 'on', addresses: '127.0.0.1', zone: 'UTC', checksums: 'on' });
    await assert.rejects(query(server.adminUrl.replace(':first@', ':wrong@'), 'SELECT 1'), /password authentication/);

    server.child.kill();
    await server.child.exited;
    const again = await start();
    assert.equal(again.created, false);
    assert.deepEqual(await query(again.adminUrl, 'SELECT id FROM kept'), [{ id: 1 }]);
    assert.equal(await again.child.stop(), true);
  });

  test('waits for what a killed server left behind to let go of its memory', async () => {
    const server = await start();
    const left = childrenOf(server.child.pid);
    left.forEach((pid) => process.kill(pid, 'SIGSTOP'));
    server.child.kill();
    await server.child.exited;
    const later = setTimeout(() => left.forEach((pid) => process.kill(pid, 'SIGCONT')), 1_500);
    const again = await start();
    clearTimeout(later);
    assert.match(readFileSync(path.join(folder, 'postgres.log'), 'utf8'), /pre-existing shared memory block/);
    assert.deepEqual(await query(again.adminUrl, 'SELECT id FROM kept'), [{ id: 1 }]);
    await again.child.stop();
  });

  test('takes a new password when the old one is lost, and the next port when its own is taken', async () => {
    const blocker = net.createServer().listen(wantedPort, '127.0.0.1');
    await once(blocker, 'listening');
    const server = await start({ adminPassword: 'second', resetPassword: true });
    blocker.close();
    assert.notEqual(server.port, wantedPort);
    assert.deepEqual(await query(server.adminUrl, 'SELECT id FROM kept'), [{ id: 1 }]);
    await server.child.stop();
  });

  test('a broken data folder, or one of another version, is a sentence with a way out', async () => {
    const versionFile = path.join(folder, 'postgres', 'data', 'PG_VERSION');
    writeFileSync(versionFile, '15\n');
    await assert.rejects(start(), { name: 'Problem', message: /belongs to PostgreSQL 15, this project runs 18/ });
    rmSync(versionFile);
    await assert.rejects(start(), (/** @type {any} */ error) => {
      assert.match(error.message, /is broken: PG_VERSION or global\/pg_control is missing/);
      assert.match(error.mend, /restore a backup/);
      return true;
    });
    writeFileSync(versionFile, '18\n');
    chmodSync(versionFile, 0o644);
    const control = path.join(folder, 'postgres', 'data', 'global', 'pg_control');
    const bytes = readFileSync(control);
    bytes.fill(0, 0, 200);
    writeFileSync(control, bytes);
    await assert.rejects(start(), (/** @type {any} */ error) => {
      assert.match(error.message, /did not start on the data folder/);
      assert.match(error.detail, /FATAL: /);
      return true;
    });
  });
});

describe('Temporal', () => {
  const folder = makeTemporaryFolder();
  const claims = createPortClaims(path.join(folder, 'ports'));
  /** @type {import('../../embedded/processes/child-process.mjs').Child[]} */
  const children = [];
  const wanted = { port: 0, uiPort: 0 };
  before(async () => {
    wanted.port = await nextFreePort(27_400);
    wanted.uiPort = await nextFreePort(28_400);
  });
  const start = async (/** @type {string | null} */ databaseFile) =>
    startTemporal({
      binary: (await obtainTemporal({ update: () => undefined })).path,
      databaseFile,
      hasFairQueues: true,
      namespaces: ['one'],
      wantedPort: wanted.port,
      wantedUiPort: wanted.uiPort,
      claimPort: claims.claim,
      logFile: path.join(folder, 'temporal.log'),
      token: 'test',
      onChild: (child) => children.push(child),
    });
  after(async () => {
    await Promise.all(children.map((child) => child.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  test('moves on from taken ports, serves its Web UI, and writes ahead to a file that lasts', async () => {
    const blockers = Object.values(wanted).map((port) => net.createServer().listen(port, '127.0.0.1'));
    await Promise.all(blockers.map((blocker) => once(blocker, 'listening')));
    const server = await start(path.join(folder, 'data', 'temporal.db'));
    blockers.forEach((blocker) => blocker.close());

    assert.ok(server.port > wanted.port && Number(server.uiPort) > wanted.uiPort);
    const page = await fetch(`http://127.0.0.1:${server.uiPort}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<html/i);
    // The two magic numbers that SQLite's write-ahead log begins with differ in their last bit.
    assert.equal(readFileSync(path.join(folder, 'data', 'temporal.db-wal')).readUInt32BE(0) & ~1, 0x377f0682);
    assert.equal(await server.child.stop(), true);
  });

  test('a broken file is a sentence that names it', async () => {
    const file = path.join(folder, 'broken.db');
    writeFileSync(file, 'this is no database at all, whatever its name says'.repeat(100));
    await assert.rejects(start(file), (/** @type {any} */ error) => {
      assert.equal(error.message, 'The Temporal server did not start.');
      assert.match(error.mend, /broken\.db is broken/);
      assert.doesNotMatch(error.detail, /goroutine/);
      return true;
    });
  });
});
