import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** @returns {string} a new folder, for the caller to remove */
export function makeTemporaryFolder() {
  return realpathSync(mkdtempSync(path.join(os.tmpdir(), 'bmms-embedded-')));
}

/**
 * A folder that goes away with the test.
 * @param {import('node:test').TestContext} test @returns {string}
 */
export function temporaryFolder(test) {
  const folder = makeTemporaryFolder();
  test.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
