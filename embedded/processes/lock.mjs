import { chmodSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { delay } from './delay.mjs';
import { identifyProcess, isStillRunning } from './process-identity.mjs';

const POLL_MS = 200;

/**
 * Who holds a lock.
 * @typedef {import('./process-identity.mjs').ProcessIdentity & { token: string }} Holder
 */

/**
 * Takes a lock file for this process. A lock whose holder is gone (killed, machine restarted) is taken over.
 * @param {string} file
 * @returns {{ release: () => void } | { holder: Holder }} the live holder when somebody else has it
 * @throws when a stale lock belongs to another user and may not be removed
 */
export function tryLock(file) {
  const mine = { ...identifyProcess(process.pid), token: randomUUID() };
  const draft = `${file}.${mine.token}`;
  // Readable by all: other people on this machine must see that the holder lives.
  writeFileSync(draft, JSON.stringify(mine));
  chmodSync(draft, 0o644);
  try {
    for (;;) {
      try {
        // A link appears with its content, all at once, and only if nobody was faster.
        linkSync(draft, file);
        return { release: () => releaseLock(file, mine.token) };
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
          throw error;
        }
      }
      const holder = readHolder(file);
      if (holder && isStillRunning(holder)) {
        return { holder };
      }
      removeStale(file, holder, mine.token);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Runs work under a lock, waiting for it as long as its holder lives.
 * @template T
 * @param {string} file @param {{ onWait?: (holder: Holder) => void }} options @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait }, work) {
  for (;;) {
    const attempt = tryLock(file);
    if ('release' in attempt) {
      try {
        return await work();
      } finally {
        attempt.release();
      }
    }
    onWait?.(attempt.holder);
    await delay(POLL_MS);
  }
}

/** @param {string} file @returns {Holder | null} */
export function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} file @param {string} token */
function releaseLock(file, token) {
  if (readHolder(file)?.token === token) {
    rmSync(file, { force: true });
  }
}

/**
 * Two starts may find the same stale lock. Renaming it away shows which file one really got: if it is a fresh lock,
 * it goes back.
 * @param {string} file @param {Holder | null} stale @param {string} token
 */
function removeStale(file, stale, token) {
  const aside = `${file}.stale-${token}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (readHolder(aside)?.token !== stale?.token) {
    try {
      linkSync(aside, file);
    } catch {
      // Somebody took the lock in that instant; the owner we disturbed notices nothing but shares it for its short time.
    }
  }
  rmSync(aside, { force: true });
}
