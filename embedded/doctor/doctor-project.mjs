import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileChecksum } from '../bootstrap/content-stamp.mjs';
import { findingOf } from './doctor-command.mjs';
import { findPostgresPackage } from '../postgres/postgres-binaries.mjs';
import { checkData } from '../postgres/postgres-data.mjs';
import { findPostgresFolder } from '../postgres/postgres-place.mjs';
import { describeStale } from '../bootstrap/prepare-project.mjs';
import { Problem } from '../bootstrap/problem.mjs';
import { runCommand } from '../processes/run-command.mjs';
import { findInCache, findOnPath, readCacheRecord } from '../temporal/temporal-binary.mjs';

/** @typedef {import('./doctor-command.mjs').Finding} Finding */

/** @param {import('./doctor-command.mjs').DoctorContext} context @returns {Promise<Finding[]>} */
export async function checkProject({ projectFolder, folders, env }) {
  const stale = describeStale(projectFolder);
  return [
    {
      name: 'Clone',
      state: stale.length === 0 ? 'ok' : 'later',
      text: stale.length === 0 ? 'packages, database client and compiled code are up to date' : stale.join('; '),
    },
    await findingOf('PostgreSQL', () => checkPostgres(projectFolder)),
    await findingOf('Database', () => checkDatabase(folders, env)),
    await findingOf('Temporal', () => checkTemporal(env)),
    checkSecrets(folders),
  ];
}

/** @param {string} projectFolder @returns {Finding} */
function checkPostgres(projectFolder) {
  if (!existsSync(path.join(projectFolder, 'node_modules'))) {
    return { name: 'PostgreSQL', state: 'later', text: 'comes with the packages' };
  }

  return { name: 'PostgreSQL', state: 'ok', text: `binaries ${findPostgresPackage(projectFolder).version}` };
}

/** @param {import('../bootstrap/folders.mjs').DataFolders} folders @param {NodeJS.ProcessEnv} env @returns {Finding} */
function checkDatabase(folders, env) {
  const folder = findPostgresFolder(folders, env);
  const data = folder === null ? null : path.join(folder, 'data');
  if (data === null || !existsSync(data)) {
    return { name: 'Database', state: 'later', text: 'made at the first start' };
  }
  checkData(data);

  return { name: 'Database', state: 'ok', text: data };
}

/** @param {NodeJS.ProcessEnv} env @returns {Promise<Finding>} */
async function checkTemporal(env) {
  const name = 'Temporal';
  if (env.TEMPORAL_ADDRESS) {
    return { name, state: 'ok', text: `the server at ${env.TEMPORAL_ADDRESS} (TEMPORAL_ADDRESS)` };
  }
  const found = (await findOnPath(env, [])) ?? (await findInCache(env, []));
  if (found?.source === 'PATH') {
    return { name, state: 'ok', text: `${found.version}, ${found.path}` };
  }
  if (found) {
    if ((await fileChecksum(found.path)) !== readCacheRecord(env)?.sha256) {
      throw new Problem(`${found.path} is damaged: its checksum is not the one recorded.`, {
        mend: `Remove ${path.dirname(found.path)}; the next start gets it again.`,
      });
    }
    return { name, state: 'ok', text: `${found.version}, ${found.source}, checksum verified` };
  }
  const go = await runCommand({ command: 'go', args: ['version'], cwd: '/' }).catch(() => null);

  return go?.code === 0
    ? { name, state: 'later', text: `none yet: the next start downloads it, or builds it with ${go.output}` }
    : {
        name,
        state: 'later',
        text: 'none yet: the next start downloads it; where github.com cannot be reached, Go 1.25 or later is needed',
      };
}

/** @param {import('../bootstrap/folders.mjs').DataFolders} folders @returns {Finding} */
function checkSecrets({ secrets }) {
  if (!existsSync(secrets)) {
    return { name: 'Secrets', state: 'later', text: 'made at the first start' };
  }
  const isOpen = (statSync(secrets).mode & 0o077) !== 0;

  return isOpen
    ? { name: 'Secrets', state: 'problem', text: `others can read ${secrets}`, mend: `chmod 600 ${secrets}` }
    : { name: 'Secrets', state: 'ok', text: 'readable by you only' };
}
