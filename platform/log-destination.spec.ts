import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createLogDestination, droppedLogLines } from './log-destination';
import { createLogger } from './logger';
import { createMetrics } from './metrics';

const folder = mkdtempSync(path.join(tmpdir(), 'log-destination-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('lines are written whole and in order', () => {
  const file = path.join(folder, 'log');
  const descriptor = openSync(file, 'w');
  const destination = createLogDestination(descriptor);

  destination.write('{"nth":1}\n');
  destination.write(`${'ộ'.repeat(100_000)}\n`);
  closeSync(descriptor);

  expect(readFileSync(file, 'utf8')).toBe(`{"nth":1}\n${'ộ'.repeat(100_000)}\n`);
});

test('a line that a full disk does not take is dropped and counted, and whoever logs goes on', async () => {
  // Writing there fails as on a disk without room.
  const descriptor = openSync('/dev/full', 'w');
  const logger = createLogger({ level: 'info', name: 'test', descriptor });
  const before = droppedLogLines();

  for (let nth = 0; nth < 3; nth += 1) {
    logger.info({ nth }, 'answered');
  }
  closeSync(descriptor);
  logger.info('after it was closed');

  expect(droppedLogLines() - before).toBe(4);
  expect(await createMetrics({ process: 'test' }).render()).toContain(
    `bmms_log_lines_dropped_total{process="test"} ${droppedLogLines()}`,
  );
});
