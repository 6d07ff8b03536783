import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isPortFree, nextFreePort, pickFreePort } from '../../embedded/processes/free-port.mjs';
import { readHolder, tryLock, withLock } from '../../embedded/processes/lock.mjs';
import { createPortClaims } from '../../embedded/processes/port-claims.mjs';
import {
  carriesToken,
  identifyProcess,
  isStillRunning,
  TOKEN_VARIABLE,
} from '../../embedded/processes/process-identity.mjs';
import { endOrphans, findOrphans, writeProcessRecord } from '../../embedded/processes/process-record.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const lockModule = fileURLToPath(new URL('../../embedded/processes/lock.mjs', import.meta.url));

/** @param {string} code @param {NodeJS.ProcessEnv} [env] @param {boolean} [detached] */
function runNode(code, env = process.env, detached = false) {
  return spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env,
    detached,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('a lock is held by one process; others learn who holds it; it is free after its release', (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  const first = tryLock(file);
  assert.ok('release' in first);
  const second = tryLock(file);
  assert.ok('holder' in second);
  assert.equal(second.holder.pid, process.pid);

  first.release();
  const third = tryLock(file);
  assert.ok('release' in third);
  first.release();
  assert.ok('holder' in tryLock(file), 'a stale release frees nobody else’s lock');
});

test('the lock of a killed process is taken over', async (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  const code = `import { tryLock } from ${JSON.stringify(lockModule)}; tryLock(${JSON.stringify(file)});
    console.log('held'); setInterval(() => undefined, 1000);`;
  const holder = runNode(code);
  await once(holder.stdout, 'data');
  assert.ok('holder' in tryLock(file));

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.ok('release' in tryLock(file));
});

test('a lock whose pid belongs to another process by now is taken over', (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another boot/1', token: 'x' }));
  assert.ok('release' in tryLock(file));
});

test(
  'a stale lock that may not be removed is an error, not a wait without end',
  { skip: process.getuid?.() !== 0 },
  (t) => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o1777);
    writeFileSync(path.join(folder, 'lock'), JSON.stringify({ pid: 999_999_999, startedAt: 'x', token: 'gone' }));
    const code = `process.setgid(65534); process.setuid(65534);
    const { tryLock } = await import(${JSON.stringify(lockModule)});
    try { tryLock(${JSON.stringify(path.join(folder, 'lock'))}); } catch (error) { console.log(error.code); }`;
    // The project itself may lie where that account cannot read: the module is loaded before the account changes.
    const loaded = `import ${JSON.stringify(lockModule)};\n${code}`;
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', loaded], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    assert.match(result.stdout, /^E(PERM|ACCES)$/m, result.stderr);
  },
);

test('many processes that want one lock, a stale one at first, get it one after another', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'lock');
  const log = path.join(folder, 'log');
  writeFileSync(file, JSON.stringify({ pid: 999_999_999, startedAt: 'x', token: 'gone' }));
  const code = `import { withLock } from ${JSON.stringify(lockModule)}; import { appendFileSync } from 'node:fs';
    await withLock(${JSON.stringify(file)}, {}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in\\n');
      await new Promise((resolve) => setTimeout(resolve, 30));
      appendFileSync(${JSON.stringify(log)}, 'out\\n');
    });`;
  await Promise.all(Array.from({ length: 6 }, () => once(runNode(code), 'exit')));

  assert.equal(readFileSync(log, 'utf8'), 'in\nout\n'.repeat(6));
  assert.equal(existsSync(file), false);
});

test('work under a lock gives it back when it fails', async (t) => {
  const file = path.join(temporaryFolder(t), 'lock');
  await assert.rejects(
    withLock(file, {}, () => Promise.reject(new Error('broken'))),
    /broken/,
  );
  assert.equal(readHolder(file), null);
});

test('a taken port is not free, and the next free one is found', async (t) => {
  const server = net.createServer().listen(await pickFreePort(), '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());

  assert.equal(await isPortFree(port), false);
  assert.ok((await nextFreePort(port)) > port);
});

test('two claims for the same port get different ones, before anybody listens', async (t) => {
  const folder = temporaryFolder(t);
  const wanted = await pickFreePort();
  const [one, other] = [createPortClaims(folder), createPortClaims(folder)];
  const [first, second] = [await one.claim(wanted), await other.claim(wanted)];
  assert.equal(first, wanted);
  assert.notEqual(second, wanted);
  assert.equal(await one.claim(wanted), wanted, 'whoever holds a port may start on it again');

  one.release();
  assert.equal(await createPortClaims(folder).claim(wanted), wanted);
});

test('a process is known by pid and start time together, and by its token', async (t) => {
  const child = runNode('setInterval(() => undefined, 1000); console.log(1)', {
    ...process.env,
    [TOKEN_VARIABLE]: 'mine',
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const identity = identifyProcess(/** @type {number} */ (child.pid));
  assert.ok(identity);
  assert.equal(isStillRunning(identity), true);
  assert.equal(isStillRunning({ ...identity, startedAt: 'another time' }), false);
  assert.equal(carriesToken(identity.pid, 'mine'), true);
  assert.equal(carriesToken(identity.pid, 'another'), false);

  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(isStillRunning(identity), false);
});

test('the next start ends what a killed one left, even if it does not listen, and nobody else', async (t) => {
  const record = path.join(temporaryFolder(t), 'processes.json');
  const deaf = `process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log(1)`;
  const [mine, stranger] = ['token-1', 'token-2'].map((token) =>
    runNode(deaf, { ...process.env, [TOKEN_VARIABLE]: token }, true),
  );
  assert.ok(mine?.pid && stranger?.pid);
  t.after(() => stranger.kill('SIGKILL'));
  await Promise.all([once(mine.stdout, 'data'), once(stranger.stdout, 'data')]);
  const entry = (/** @type {string} */ name, /** @type {number} */ pid) => {
    const identity = identifyProcess(pid);
    assert.ok(identity);
    return { name, ...identity, stopLadder: [{ signal: /** @type {const} */ ('SIGTERM'), waitMs: 100 }] };
  };
  writeProcessRecord(record, {
    token: 'token-1',
    children: [entry('mine', mine.pid), entry('stranger', stranger.pid)],
  });

  assert.deepEqual(
    findOrphans(record).map(({ name }) => name),
    ['mine'],
  );
  const gone = once(mine, 'exit');
  assert.deepEqual(await endOrphans(record), ['mine']);
  assert.deepEqual(await gone, [null, 'SIGKILL']);
  assert.equal(stranger.exitCode, null);
  assert.equal(existsSync(record), false);
});
