import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPortClaims } from '../../embedded/processes/port-claims.mjs';
import { endOrphans, writeProcessRecord } from '../../embedded/processes/process-record.mjs';

/**
 * Servers that are started and ended together, on data that go with them.
 * @typedef {object} ServerGroup
 * @property {string} token by which its processes know each other
 * @property {string} folder of their data
 * @property {import('../../embedded/processes/port-claims.mjs').PortClaims['claim']} claimPort
 * @property {import('../../embedded/processes/child-process.mjs').Child[]} children in the order of their start
 * @property {(child: import('../../embedded/processes/child-process.mjs').Child) => void} onChild writes it down before anything waits for it
 * @property {() => void} kill at once, for whoever cannot wait
 * @property {() => void} forget once all have ended: its folder, its record, its ports
 */

/**
 * Ends what a group of the same record has left over when its run was killed, and begins a new one.
 * @param {object} options
 * @param {string} options.recordFile
 * @param {string} options.name of the folder for data, below the system's for what is temporary
 * @param {number} [options.mode] of that folder: its owner's alone, unless a server in it runs as another user
 * @param {string} options.run what was killed, in words
 * @param {import('../../embedded/bootstrap/progress.mjs').Progress} options.progress
 * @returns {Promise<ServerGroup>}
 */
export async function openServerGroup({ recordFile, name, mode = 0o700, run, progress }) {
  mkdirSync(path.dirname(recordFile), { recursive: true });
  await endOrphans(recordFile, (orphan) =>
    progress.line(`  ending ${orphan}, left over from a ${run} that was killed`),
  );

  const token = randomUUID();
  const claims = createPortClaims();
  const folder = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  chmodSync(folder, mode);
  /** @type {ServerGroup['children']} */
  const children = [];

  return {
    token,
    folder,
    claimPort: claims.claim,
    children,
    onChild: (child) => {
      children.push(child);
      writeProcessRecord(recordFile, {
        token,
        folder,
        children: children.map(({ name: of, identity, stopLadder }) => ({ name: of, ...identity, stopLadder })),
      });
    },
    kill: () => children.forEach((child) => child.kill()),
    forget: () => {
      rmSync(folder, { recursive: true, force: true });
      rmSync(recordFile, { force: true });
      claims.release();
    },
  };
}
