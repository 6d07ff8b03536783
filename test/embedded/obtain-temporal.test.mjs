import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { downloadFile } from '../../embedded/bootstrap/download-file.mjs';
import { cachePlace, obtainTemporal, TEMPORAL_VERSION } from '../../embedded/temporal/temporal-binary.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const archiveName = `temporal_cli_${TEMPORAL_VERSION}_${process.platform}_${process.arch === 'x64' ? 'amd64' : 'arm64'}.tar.gz`;

/** A program that calls itself Temporal. @param {string} server version of the server in it */
const fakeTemporal = (server) =>
  `#!/bin/sh\necho "temporal version ${TEMPORAL_VERSION} (Server ${server}, UI 2.42.1)"\n`;

/**
 * A folder with PATH (sh and tar, neither temporal nor go) and an empty cache.
 * @param {import('node:test').TestContext} test @param {string} [releases]
 */
function bareMachine(test, releases = 'http://127.0.0.1:1') {
  const folder = temporaryFolder(test);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const tool of ['sh', 'tar', 'gzip', 'cat', 'chmod', 'cp']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), path.join(bin, tool));
  }
  const env = { PATH: bin, BMMS_CACHE: path.join(folder, 'cache'), BMMS_TEMPORAL_RELEASES: releases };
  return { folder, bin, env };
}

/** @param {string} file @param {string} content */
function writeProgram(file, content) {
  writeFileSync(file, content);
  chmodSync(file, 0o755);
}

/**
 * A mirror of the releases. @param {import('node:test').TestContext} test @param {{ checksum?: string }} [options]
 * @returns {Promise<{ url: string, served: string[] }>}
 */
async function startMirror(test, { checksum } = {}) {
  const folder = temporaryFolder(test);
  writeProgram(path.join(folder, 'temporal'), fakeTemporal('1.29.1'));
  execFileSync('tar', ['-czf', archiveName, 'temporal'], { cwd: folder });
  const archive = readFileSync(path.join(folder, archiveName));
  const sum = checksum ?? createHash('sha256').update(archive).digest('hex');
  /** @type {string[]} */
  const served = [];
  const server = http.createServer((request, response) => {
    const name = path.basename(request.url ?? '');
    served.push(name);
    if (name === archiveName) {
      // Releases answer with a redirection to where the file really lies.
      response.writeHead(302, { location: `/moved/${name}.real` }).end();
    } else {
      response.end(name === 'checksums.txt' ? `${sum}  ${archiveName}\n` : archive);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  return { url: `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}`, served };
}

const update = () => undefined;

test('the release is downloaded once, checked, and taken from the cache from then on', async (t) => {
  const mirror = await startMirror(t);
  const { env } = bareMachine(t, mirror.url);
  const first = await obtainTemporal({ update, env });
  assert.equal(first.source, 'release download');
  assert.equal(execFileSync(first.path, { encoding: 'utf8' }).startsWith('temporal version'), true);
  assert.deepEqual(readdirSync(path.dirname(first.path)).sort(), ['installed.json', 'temporal']);

  const again = await obtainTemporal({ update, env });
  assert.equal(again.source, 'cache (release download)');
  assert.deepEqual(mirror.served, ['checksums.txt', archiveName, `${archiveName}.real`]);
});

test('two starts at once download it once', async (t) => {
  const mirror = await startMirror(t);
  const { env } = bareMachine(t, mirror.url);
  const both = await Promise.all([obtainTemporal({ update, env }), obtainTemporal({ update, env })]);
  assert.equal(both[0].path, both[1].path);
  assert.equal(mirror.served.length, 3);
});

test('a download with another checksum is thrown away, and every way is named with its reason', async (t) => {
  const mirror = await startMirror(t, { checksum: '0'.repeat(64) });
  const { env } = bareMachine(t, mirror.url);
  await assert.rejects(obtainTemporal({ update, env }), (/** @type {any} */ error) => {
    assert.equal(error.name, 'Problem');
    const lines = error.detail.split('\n');
    assert.match(lines[0], /TEMPORAL_ADDRESS: not set/);
    assert.match(lines[1], /temporal on PATH: not there/);
    assert.match(lines[2], /cached binary .*: not there/);
    assert.match(lines[3], /release download: the checksum/);
    assert.match(lines[4], /go install .*: Go is not installed/);
    assert.match(error.mend, /PATH.*Go 1\.25.*TEMPORAL_ADDRESS/s);
    return true;
  });
  assert.equal(existsSync(cachePlace(env)), false);
});

test('a mirror that takes the connection and says nothing is given up, and Go is asked next', async (t) => {
  const silent = net.createServer().listen(0, '127.0.0.1');
  /** @type {net.Socket[]} */
  const sockets = [];
  silent.on('connection', (socket) => sockets.push(socket));
  t.after(() => {
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });
  await once(silent, 'listening');
  const { bin, env } = bareMachine(t, `http://127.0.0.1:${/** @type {net.AddressInfo} */ (silent.address()).port}`);
  writeProgram(path.join(bin, 'program'), fakeTemporal('1.29.1'));
  // Stands in for Go: takes the same arguments, puts the program where GOBIN says.
  writeProgram(path.join(bin, 'go'), `#!/bin/sh\n[ "$1" = install ] && cp "${bin}/program" "$GOBIN/temporal"\n`);

  const binary = await obtainTemporal({ update, env, connectLimitMs: 300 });
  assert.match(binary.source, /go install github.com\/temporalio\/cli\/cmd\/temporal@v1\.5\.1/);
  assert.equal(sockets.length, 1);
});

test('a name that cannot be looked up and a refused connection are short reasons', async (t) => {
  const target = path.join(temporaryFolder(t), 'file');
  await assert.rejects(downloadFile('http://bmms.invalid/x', target), /ENOTFOUND|EAI_AGAIN/);
  await assert.rejects(downloadFile('http://127.0.0.1:1/x', target), /ECONNREFUSED/);
});

test('temporal on PATH comes first, unless its server is too old or it does not run', async (t) => {
  const mirror = await startMirror(t);
  const { bin, env } = bareMachine(t, mirror.url);
  writeProgram(path.join(bin, 'temporal'), fakeTemporal('1.29.0'));
  assert.equal((await obtainTemporal({ update, env })).path, path.join(bin, 'temporal'));

  writeProgram(path.join(bin, 'temporal'), fakeTemporal('1.27.2'));
  assert.equal((await obtainTemporal({ update, env })).source, 'release download');
  writeProgram(path.join(bin, 'temporal'), '#!/bin/sh\nexit 1\n');
  assert.equal((await obtainTemporal({ update, env })).source, 'cache (release download)');
});

test('a damaged copy in the cache is got again', async (t) => {
  const mirror = await startMirror(t);
  const { env } = bareMachine(t, mirror.url);
  const { path: binary } = await obtainTemporal({ update, env });
  writeFileSync(binary, '#!/bin/sh\n');
  const again = await obtainTemporal({ update, env });
  assert.equal(again.source, 'release download');
  assert.equal(readFileSync(again.path, 'utf8'), fakeTemporal('1.29.1'));
});
