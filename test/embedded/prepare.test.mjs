import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkNode, isSupportedNode } from '../../embedded/bootstrap/check-node.mjs';
import { contentStamp } from '../../embedded/bootstrap/content-stamp.mjs';
import { dataFolders } from '../../embedded/bootstrap/folders.mjs';
import { isInstalled } from '../../embedded/bootstrap/installed-packages.mjs';
import { tailOf } from '../../embedded/processes/log-tail.mjs';
import { choosePostgresPlace } from '../../embedded/postgres/postgres-place.mjs';
import { loadSecrets } from '../../embedded/bootstrap/secrets.mjs';
import { canReach } from '../../embedded/postgres/server-user.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

test('Node 20.19, 22.12 and everything from 23 on is taken, older ones are refused in one sentence', () => {
  const supported = ['20.19.0', '20.20.2', '22.12.0', '22.23.3', '23.0.0', '24.1.0', '25.0.0'];
  const refused = ['16.20.0', '18.20.4', '20.18.9', '21.7.3', '22.11.0'];

  assert.deepEqual(
    supported.filter((version) => !isSupportedNode(version)),
    [],
  );
  assert.deepEqual(refused.filter(isSupportedNode), []);
  assert.throws(() => checkNode('18.20.4', 'linux'), { name: 'Problem', message: /Node 18\.20\.4 is too old/ });
});

test('Windows is pointed to WSL2, other systems are named', () => {
  assert.throws(() => checkNode('22.12.0', 'win32'), /WSL2/);
  assert.throws(() => checkNode('22.12.0', 'aix'), /not on aix/);
  checkNode('22.12.0', 'darwin');
});

test('a content stamp changes with content, names and what else matters, and with nothing else', (t) => {
  const root = temporaryFolder(t);
  mkdirSync(path.join(root, 'source/deep'), { recursive: true });
  writeFileSync(path.join(root, 'source/deep/a.ts'), 'one');
  const before = contentStamp(root, ['source', 'missing']);

  chmodSync(path.join(root, 'source/deep/a.ts'), 0o600);
  writeFileSync(path.join(root, 'source/a.spec.ts'), 'a test');
  const keep = (/** @type {string} */ file) => !file.endsWith('.spec.ts');
  assert.equal(contentStamp(root, ['source'], { keep }), before);

  assert.notEqual(contentStamp(root, ['source'], { keep, extra: 'x' }), before);
  writeFileSync(path.join(root, 'source/deep/a.ts'), 'two');
  assert.notEqual(contentStamp(root, ['source'], { keep }), before);
  writeFileSync(path.join(root, 'source/deep/b.ts'), 'one');
  rmSync(path.join(root, 'source/deep/a.ts'));
  assert.notEqual(contentStamp(root, ['source'], { keep }), before);
});

test('packages count as installed only when each has the locked version, save optional ones for other machines', (t) => {
  const root = temporaryFolder(t);
  const other = process.platform === 'linux' ? 'darwin' : 'linux';
  const locked = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: [other] },
    'node_modules/here': { version: '1.0.0', optional: true, os: [process.platform] },
  };
  const write = (/** @type {string} */ file, /** @type {object} */ packages) =>
    writeFileSync(path.join(root, file), JSON.stringify({ packages }));
  write('package-lock.json', locked);
  assert.equal(isInstalled(root), false);

  mkdirSync(path.join(root, 'node_modules'));
  const { a, here } = { a: locked['node_modules/a'], here: locked['node_modules/here'] };
  write('node_modules/.package-lock.json', { 'node_modules/a': a, 'node_modules/here': here });
  assert.equal(isInstalled(root), true);

  write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.1' }, 'node_modules/here': here });
  assert.equal(isInstalled(root), false);
  write('node_modules/.package-lock.json', { 'node_modules/a': a });
  assert.equal(isInstalled(root), false);
});

test('secrets are made once, differ between installations, and are readable by their owner only', (t) => {
  const root = temporaryFolder(t);
  const file = path.join(root, 'secrets.json');
  const first = loadSecrets(file);
  assert.equal(first.created, true);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  chmodSync(file, 0o644);
  const again = loadSecrets(file);
  assert.deepEqual(again, { secrets: first.secrets, created: false });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.notEqual(loadSecrets(path.join(root, 'other.json')).secrets.jwtSecret, first.secrets.jwtSecret);
});

test('a secret that is missing is added and the others stay; a file that is no JSON is refused in a sentence', (t) => {
  const file = path.join(temporaryFolder(t), 'secrets.json');
  writeFileSync(file, JSON.stringify({ jwtSecret: 'kept' }));
  const { secrets, created } = loadSecrets(file);
  assert.equal(created, true);
  assert.equal(secrets.jwtSecret, 'kept');
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).postgresAppPassword, secrets.postgresAppPassword);

  writeFileSync(file, '{');
  assert.throws(() => loadSecrets(file), { name: 'Problem', message: /not valid JSON/ });
});

test('an account reaches a folder only when every folder on the way lets it through', (t) => {
  const root = temporaryFolder(t);
  const inner = path.join(root, 'home', 'clone');
  mkdirSync(inner, { recursive: true });
  chmodSync(root, 0o755);
  chmodSync(inner, 0o755);
  const stranger = { name: 'stranger', uid: 4_000_001, gid: 4_000_001 };

  chmodSync(path.join(root, 'home'), 0o755);
  assert.equal(canReach(inner, stranger), true);
  chmodSync(path.join(root, 'home'), 0o700);
  assert.equal(canReach(inner, stranger), false);
  assert.equal(canReach(inner, null), true);
});

test('the tail of a log ends before the stack of a crash', () => {
  const log = [
    'starting',
    'level=ERROR msg="address already in use"',
    'panic: nil',
    '',
    'goroutine 1 [running]:',
    'x()',
  ];
  assert.equal(tailOf(log.join('\n')), log.slice(0, 3).join('\n'));
  assert.equal(tailOf(Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n')).split('\n').length, 12);
});

const isRoot = process.getuid?.() === 0;

test(
  'a copied data folder does not write the database of the first; a moved one keeps its own',
  { skip: !isRoot },
  (t) => {
    const root = temporaryFolder(t);
    chmodSync(root, 0o755);
    const env = { BMMS_POSTGRES_ROOT: path.join(root, 'shared') };
    const home = path.join(root, 'home');
    const foldersOf = (/** @type {string} */ clone) => dataFolders(path.join(home, clone));
    mkdirSync(foldersOf('first').root, { recursive: true });
    chmodSync(home, 0o700);

    const { folder, user } = choosePostgresPlace(foldersOf('first'), env);
    assert.ok(folder.startsWith(env.BMMS_POSTGRES_ROOT) && user?.uid !== 0);
    assert.equal(choosePostgresPlace(foldersOf('first'), env).folder, folder);

    cpSync(foldersOf('first').root, foldersOf('copy').root, { recursive: true });
    assert.throws(() => choosePostgresPlace(foldersOf('copy'), env), {
      name: 'Problem',
      message: /belongs to .*first/,
    });
    rmSync(foldersOf('first').root, { recursive: true });
    assert.equal(choosePostgresPlace(foldersOf('copy'), env).folder, folder);
  },
);
