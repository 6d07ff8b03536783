import { readFileSync, rmSync } from 'node:fs';
import { delay } from './delay.mjs';
import { carriesToken, isStillRunning, signalGroup } from './process-identity.mjs';
import { writeFileWhole } from '../bootstrap/write-file-whole.mjs';

const POLL_MS = 50;

/**
 * What a start writes down about its children, so that the next one can end those that outlived a killed supervisor.
 * @typedef {import('./process-identity.mjs').ProcessIdentity & { name: string, stopLadder: import('./child-process.mjs').StopLadder }} RecordedProcess
 * @typedef {{ token: string, children: RecordedProcess[], folder?: string }} ProcessRecord folder: to remove with them
 */

/** @param {string} file @param {ProcessRecord} record */
export function writeProcessRecord(file, record) {
  writeFileWhole(file, `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** @param {string} file @returns {ProcessRecord | null} */
export function readProcessRecord(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} file @returns {RecordedProcess[]} those of a former start that still run, in the order to stop them */
export function findOrphans(file) {
  const record = readProcessRecord(file);
  if (!record) {
    return [];
  }

  return record.children.filter((child) => isStillRunning(child) && carriesToken(child.pid, record.token)).reverse();
}

/**
 * Ends them politely, the last started first, then by SIGKILL, and forgets the record.
 * @param {string} file @param {(name: string) => void} [onEach] @returns {Promise<string[]>} their names
 */
export async function endOrphans(file, onEach) {
  const orphans = findOrphans(file);
  for (const orphan of orphans) {
    onEach?.(orphan.name);
    for (const { signal, waitMs } of [
      ...orphan.stopLadder,
      { signal: /** @type {const} */ ('SIGKILL'), waitMs: 5_000 },
    ]) {
      signalGroup(orphan.pid, signal);
      if (await endsWithin(orphan, waitMs)) {
        break;
      }
    }
  }
  const folder = readProcessRecord(file)?.folder;
  if (folder) {
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(file, { force: true });

  return orphans.map((orphan) => orphan.name);
}

/** @param {RecordedProcess} orphan @param {number} waitMs */
async function endsWithin(orphan, waitMs) {
  const deadline = Date.now() + waitMs;
  while (isStillRunning(orphan)) {
    if (Date.now() > deadline) {
      return false;
    }
    await delay(POLL_MS);
  }

  return true;
}
