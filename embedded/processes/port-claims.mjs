import { chmodSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isPortFree, nextFreePort } from './free-port.mjs';
import { tryLock } from './lock.mjs';

const HIGHEST_PORT = 65_535;

/**
 * Ports this process has set its mind on. A port is free until somebody listens on it, which may take seconds; without
 * claims two clones starting at once would choose the same ones.
 * @typedef {object} PortClaims
 * @property {(wanted: number) => Promise<number>} claim that port, or the next one that is free and unclaimed
 * @property {() => void} release gives all of them back
 */

/** @param {string} [folder] shared by everybody on this machine @returns {PortClaims} */
export function createPortClaims(folder = path.join(os.tmpdir(), 'bmms-ports')) {
  /** @type {Map<number, () => void>} */
  const held = new Map();
  openFolder(folder);

  return {
    async claim(wanted) {
      for (let port = wanted; port <= HIGHEST_PORT; port += 1) {
        if (!(await isPortFree(port))) {
          continue;
        }
        if (held.has(port)) {
          return port;
        }
        const release = tryClaim(path.join(folder, String(port)));
        if (release) {
          held.set(port, release);
          return port;
        }
      }

      return nextFreePort(wanted);
    },
    release() {
      held.forEach((release) => release());
      held.clear();
    },
  };
}

/** @param {string} file @returns {(() => void) | null} null when another process has claimed it */
function tryClaim(file) {
  try {
    const lock = tryLock(file);
    return 'release' in lock ? lock.release : null;
  } catch {
    // A claim left behind by another user, which we may not remove: nobody listens there, so the port will do.
    return () => undefined;
  }
}

/** @param {string} folder */
function openFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o1777);
  } catch {
    // Made by another user, who opened it for all.
  }
}
