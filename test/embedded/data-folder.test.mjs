import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { dataFolders, makeDataFolder } from '../../embedded/bootstrap/folders.mjs';
import { startChild } from '../../embedded/processes/child-process.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** @param {string} file */
const modeOf = (file) => (statSync(file).mode & 0o777).toString(8);

test('what an older version left open is closed at the next start, the lock stays readable', (t) => {
  const folders = dataFolders(temporaryFolder(t));
  const files = [folders.temporalFile, `${folders.temporalFile}-wal`, folders.sandboxState, folders.endpoints];
  mkdirSync(path.dirname(folders.temporalFile), { recursive: true });
  for (const file of [...files, folders.runLock]) {
    writeFileSync(file, 'kept');
    chmodSync(file, 0o644);
  }

  makeDataFolder(folders);

  assert.deepEqual(files.map(modeOf), ['600', '600', '600', '600']);
  assert.equal(modeOf(folders.runLock), '644');
  assert.equal(modeOf(folders.root), '711');
  assert.equal(modeOf(folders.logs), '700');
  assert.equal(modeOf(path.dirname(folders.temporalFile)), '700');
  assert.equal(readFileSync(folders.temporalFile, 'utf8'), 'kept');
});

test('queues are fair in a new data folder, and as they were in one of before', (t) => {
  const folder = temporaryFolder(t);
  const fresh = dataFolders(folder);
  mkdirSync(path.dirname(fresh.temporalFile), { recursive: true });
  writeFileSync(fresh.temporalFile, '');
  assert.deepEqual([fresh.hasFairQueues, dataFolders(folder).temporalFile], [true, fresh.temporalFile]);

  const older = path.join(path.dirname(fresh.temporalFile), 'temporal.db');
  writeFileSync(older, '');
  const { temporalFile, hasFairQueues } = dataFolders(folder);
  assert.deepEqual([temporalFile, hasFairQueues], [older, false]);
});

test('what a server of ours writes is for its owner only, and our own umask stays', async (t) => {
  const folder = temporaryFolder(t);
  const before = process.umask();
  const child = await startChild({
    name: 'writer',
    command: process.execPath,
    args: ['-e', "require('node:fs').writeFileSync('written', ''); require('node:fs').mkdirSync('made')"],
    env: process.env,
    cwd: folder,
    logFile: path.join(folder, 'logs', 'writer.log'),
    stopLadder: [],
    token: 'data-folder-test',
  });
  await child.exited;

  assert.equal(modeOf(path.join(folder, 'written')), '600');
  assert.equal(modeOf(path.join(folder, 'made')), '700');
  assert.equal(modeOf(path.join(folder, 'logs')), '700');
  assert.equal(modeOf(path.join(folder, 'logs', 'writer.log')), '600');
  assert.equal(process.umask(), before);
});
