/**
 * Runs the outbox dispatcher as a process of its own, so that a test can kill it. DATABASE_URL says where; every batch
 * is told on stdout, and followed by a rest, so that it is far from done when it is killed. TypeScript is compiled as it is loaded.
 */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { transformSync } = require('@swc/core');

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, filename);
};

const projectFolder = path.resolve(__dirname, '..', '..', '..');
const { runOutboxDispatcher } = require(path.join(projectFolder, 'domain/events/dispatch-outbox.ts'));
const { systemClock } = require(path.join(projectFolder, 'platform/clock.ts'));
const { openDatabase } = require(path.join(projectFolder, 'platform/db/database.ts'));

void runOutboxDispatcher({
  database: openDatabase({ url: process.env.DATABASE_URL, poolSize: 2 }),
  clock: systemClock,
  logger: { info: console.error, warn: console.error },
  signal: new AbortController().signal,
  idleMs: 20,
  batchSize: 5,
  onPublished: async (events) => {
    console.log(events.length);
    await sleep(50);
  },
});
