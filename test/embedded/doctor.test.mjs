import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../../embedded/bootstrap/folders.mjs';
import { lacksOnlyOptional } from '../../embedded/bootstrap/install-packages.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** A clone in which nothing was ever run. @param {import('node:test').TestContext} t */
function bareClone(t) {
  const folder = temporaryFolder(t);
  for (const name of ['embedded', 'package.json', 'package-lock.json', 'tsconfig.build.json', 'tsconfig.json']) {
    cpSync(path.join(projectFolder, name), path.join(folder, name), { recursive: true });
  }

  return folder;
}

/** @param {string} clone @param {NodeJS.ProcessEnv} [more] */
function runDoctor(clone, more) {
  const withoutTemporal = (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => !existsSync(path.join(folder, 'temporal')));
  const env = {
    ...process.env,
    PATH: withoutTemporal.join(':'),
    TEMPORAL_ADDRESS: '',
    BMMS_CACHE: path.join(clone, 'cache'),
    PORT: '27999',
    ...more,
  };
  const result = spawnSync(process.execPath, ['embedded/doctor.mjs'], { cwd: clone, env, encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

test('the doctor works where nothing is installed, and says what the first start will bring', (t) => {
  const clone = bareClone(t);
  const { status, output } = runDoctor(clone);
  assert.equal(status, 0, output);
  assert.match(output, /^✓ Node +\d/m);
  assert.match(output, /^· Clone +packages are not installed/m);
  assert.match(output, /^· Database +made at the first start/m);
  assert.match(output, /^· Temporal +none yet/m);
  assert.match(output, /^· Running +not up: npm start/m);
});

test('the doctor names what stands in the way and how to mend it', (t) => {
  const clone = bareClone(t);
  mkdirSync(path.join(clone, '.bmms/postgres/data/global'), { recursive: true });
  writeFileSync(path.join(clone, '.bmms/postgres-place.json'), '{"id":null}');
  writeFileSync(path.join(clone, '.bmms/secrets.json'), '{}', { mode: 0o644 });
  const { status, output } = runDoctor(clone, { BMMS_POSTGRES_USER: 'no-such-account' });

  assert.equal(status, 1);
  assert.match(output, /^✗ Database .*is broken: PG_VERSION/m);
  assert.match(output, /→ To begin anew/);
  assert.match(output, /^✗ Secrets .*others can read/m);
  assert.match(output, /→ chmod 600 /);
  assert.doesNotMatch(output, /^\s+at /m);
});

test('a data folder of another user is a sentence', { skip: process.getuid?.() !== 0 }, (t) => {
  const clone = bareClone(t);
  mkdirSync(path.join(clone, '.bmms'), { mode: 0o700 });
  const code = `process.setgid(65534); process.setuid(65534);
    const { explainFileError } = await import(${JSON.stringify(path.join(projectFolder, 'embedded/bootstrap/problem.mjs'))});
    const { writeFileSync } = await import('node:fs');
    try { writeFileSync(${JSON.stringify(path.join(clone, '.bmms/x'))}, ''); } catch (error) {
      console.log(explainFileError(error).message); }`;
  const loaded = `import ${JSON.stringify(path.join(projectFolder, 'embedded/bootstrap/problem.mjs'))};\n${code}`;
  const result = spawnSync(process.execPath, ['--input-type=module', '--eval', loaded], { encoding: 'utf8' });
  assert.match(result.stdout, /\.bmms\/x cannot be used \(open: EACCES\): it belongs to another user\./, result.stderr);
});

test('only missing packages that somebody wants optionally are made up for; all else npm ci is right to refuse', (t) => {
  const root = temporaryFolder(t);
  const packages = { 'node_modules/native': { optionalDependencies: { '@native/other-system': '1.0.0' } } };
  writeFileSync(path.join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const missing = (/** @type {string} */ name) => `npm error Missing: ${name} from lock file`;

  assert.equal(lacksOnlyOptional(missing('@native/other-system@1.0.0'), root), true);
  assert.equal(lacksOnlyOptional(missing('@native/other-system@'), root), true);
  assert.equal(
    lacksOnlyOptional([missing('@native/other-system@1.0.0'), missing('express@5.0.0')].join('\n'), root),
    false,
  );
  const invalid = 'npm error Invalid: lock file’s express@5.0.0 does not satisfy express@5.3.0';
  assert.equal(lacksOnlyOptional([missing('@native/other-system@'), invalid].join('\n'), root), false);
  assert.equal(lacksOnlyOptional('npm error code ENOTFOUND', root), false);
  rmSync(root, { recursive: true });
});
