import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../../embedded/bootstrap/folders.mjs';
import { planSteps } from '../runner/plan-steps.mjs';
import { runJestProject } from '../runner/run-jest-project.mjs';
import { runNodeTests } from '../runner/run-node-tests.mjs';
import { slowestOf, sumTallies } from '../runner/tally.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/**
 * A project with one Jest project "unit" made of these files.
 * @param {import('node:test').TestContext} t @param {Record<string, string>} files
 */
function makeProject(t, files) {
  const folder = temporaryFolder(t);
  symlinkSync(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(
    path.join(folder, 'jest.config.cjs'),
    `module.exports = { projects: [{ displayName: 'unit', rootDir: ${JSON.stringify(folder)}, transform: {} }] };`,
  );
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), content);
  }

  return folder;
}

/** @param {string} folder @param {Partial<Parameters<typeof runJestProject>[0]>} [options] */
function runUnit(folder, options = {}) {
  return runJestProject({
    project: 'unit',
    projectFolder: folder,
    patterns: [],
    stateFolder: folder,
    env: process.env,
    workers: 1,
    update: () => undefined,
    report: () => undefined,
    ...options,
  });
}

test('tests that pass, fail, are skipped or to be written are counted, and failures kept in full', async (t) => {
  const folder = makeProject(t, {
    'a.test.js': `test('one', () => {}); test('two', () => { throw new Error('two is broken'); });
      test.skip('three', () => {}); test.todo('four');`,
    'b.test.js': `test('five', () => {});`,
  });
  const tally = await runUnit(folder);
  assert.deepEqual([tally.passed, tally.failed, tally.skipped], [2, 1, 2]);
  assert.equal(tally.failures[0]?.name, 'a.test.js › two');
  assert.match(tally.failures[0]?.text ?? '', /two is broken/);
  assert.equal(tally.timed.length, 5);
});

test('a file that cannot be loaded, and one without tests, are failures beside what passed', async (t) => {
  const folder = makeProject(t, {
    'good.test.js': `test('good', () => {});`,
    'broken.test.js': `require('./missing');`,
    'empty.test.js': ``,
  });
  const tally = await runUnit(folder);
  assert.deepEqual([tally.passed, tally.failed], [1, 2]);
  assert.deepEqual(tally.failures.map(({ name }) => name).sort(), ['broken.test.js', 'empty.test.js']);
});

test('a project that is ended keeps what it told, and says what was running', async (t) => {
  const folder = makeProject(t, {
    'a.test.js': `test('one', () => {}); test('two', () => { throw new Error('two is broken'); });`,
    'b.test.js': `test('hangs', () => new Promise(() => setInterval(() => {}, 1000)), 1e9);`,
  });
  const end = new AbortController();
  // Told when the first file is done, while the other one hangs.
  const tally = await runUnit(folder, { end: end.signal, update: () => end.abort(), workers: 2 });
  assert.deepEqual([tally.passed, tally.failed], [1, 2]);
  assert.equal(tally.failures[0]?.name, 'a.test.js › two');
  assert.match(tally.failures[0]?.text ?? '', /two is broken/);
  assert.match(tally.failures[1]?.text ?? '', /It was ended while it ran b\.test\.js/);
});

test('a project without any test, and one that Jest cannot start, are failures', async (t) => {
  const none = await runUnit(makeProject(t, {}));
  assert.deepEqual([none.passed, none.failed], [0, 1]);

  const crashing = makeProject(t, { 'a.test.js': `test('a', () => {});` });
  writeFileSync(path.join(crashing, 'jest.config.cjs'), 'throw new Error("no configuration");');
  const tally = await runUnit(crashing);
  assert.deepEqual([tally.passed, tally.failed], [0, 1]);
  assert.match(tally.failures[0]?.text ?? '', /no configuration/);
});

test('tests that leave something open are a failure, and do not hold up the run', async (t) => {
  const folder = makeProject(t, { 'a.test.js': `test('a', () => { setInterval(() => {}, 1000); });` });
  const tally = await runUnit(folder, { leaveWithinMs: 200 });
  assert.deepEqual([tally.passed, tally.failed], [1, 1]);
  assert.match(tally.failures[0]?.text ?? '', /left something open/);
});

test('tests of Node’s own runner are counted alike, a file that crashes among them', async (t) => {
  const folder = temporaryFolder(t);
  const file = (/** @type {string} */ name, /** @type {string} */ body) => {
    writeFileSync(path.join(folder, name), `import { describe, test } from 'node:test';\n${body}`);
    return path.join(folder, name);
  };
  const files = [
    file(
      'a.test.mjs',
      `describe('group', () => { test('one', () => {}); test('two', () => { throw new Error('two'); }); });`,
    ),
    file('b.test.mjs', `test('three', { skip: true }, () => {}); test('four', { todo: true }, () => {});`),
    file('c.test.mjs', `process.exit(3);`),
  ];
  const options = { step: 'embedded', projectFolder, stateFolder: folder, env: process.env, update: () => undefined };
  const tally = await runNodeTests({ ...options, files });
  assert.deepEqual([tally.passed, tally.failed, tally.skipped], [1, 2, 2]);

  const none = await runNodeTests({ ...options, files: [path.join(folder, 'missing.test.mjs')] });
  assert.deepEqual([none.passed, none.failed], [0, 1]);
});

test('words name steps, groups of steps, or test files', (t) => {
  const root = temporaryFolder(t);
  const files = ['domain/orders/place-order.spec.ts', 'test/integration/orders.test.ts', 'test/embedded/x.test.mjs'];
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
  const statics = ['types', 'lint', 'format', 'layering'];

  assert.deepEqual(planSteps([], root).steps, [
    ...statics,
    'unit',
    'integration',
    'end-to-end',
    'crash',
    'embedded',
    'kubernetes',
  ]);
  assert.deepEqual(planSteps(['quick'], root).steps, [...statics, 'unit']);
  assert.deepEqual(planSteps(['unit', 'lint'], root).steps, ['lint', 'unit']);
  assert.deepEqual(planSteps(['orders'], root), { steps: ['unit', 'integration'], patterns: ['orders'] });
  assert.deepEqual(planSteps(['integration', 'orders'], root).steps, ['integration']);
  assert.deepEqual(planSteps(['nothing-like-it'], root).steps, []);
});

test('counts add up, and the slowest come first', () => {
  const tally = (/** @type {number} */ n) => ({
    step: String(n),
    passed: n,
    failed: n * 10,
    skipped: n * 100,
    failures: [],
    timed: [{ name: String(n), durationMs: n }],
  });
  assert.deepEqual(sumTallies([tally(1), tally(2)]), { passed: 3, failed: 30, skipped: 300 });
  assert.deepEqual(
    slowestOf([tally(1), tally(3), tally(2)], 2).map(({ name }) => name),
    ['3', '2'],
  );
});
