import { statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkNode } from '../bootstrap/check-node.mjs';
import { findingOf } from './doctor-command.mjs';
import { runCommand } from '../processes/run-command.mjs';
import { chooseServerUser } from '../postgres/server-user.mjs';
import { toolCache } from '../bootstrap/tool-cache.mjs';

/** Packages, compiled code and data; a build of Temporal needs more for a while. */
const NEEDED_BYTES = 2e9;

/** @param {import('./doctor-command.mjs').DoctorContext} context @returns {Promise<import('./doctor-command.mjs').Finding[]>} */
export async function checkMachine({ projectFolder, env }) {
  const { free, text } = diskSpace(projectFolder);
  return [
    await findingOf('Node', () => {
      checkNode(process.versions.node, process.platform);
      return { name: 'Node', state: 'ok', text: `${process.versions.node} on ${process.platform}-${process.arch}` };
    }),
    await findingOf('npm', async () => {
      const result = await runCommand({ command: 'npm', args: ['--version'], cwd: projectFolder });
      return { name: 'npm', state: 'ok', text: result.output.split('\n').at(-1) ?? '' };
    }),
    await findingOf('Account', () => {
      const user = chooseServerUser(env);
      const me = os.userInfo().username;
      return { name: 'Account', state: 'ok', text: user ? `${me}; PostgreSQL runs as ${user.name}` : me };
    }),
    free < NEEDED_BYTES
      ? { name: 'Disk space', state: 'problem', text, mend: 'Free some space: 2 GB are needed.' }
      : { name: 'Disk space', state: 'ok', text },
    { name: 'Tool cache', state: 'ok', text: path.resolve(toolCache(env)) },
  ];
}

/** @param {string} folder */
function diskSpace(folder) {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return { free, text: `${(free / 1e9).toFixed(1)} GB free` };
}
