import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readEndpoints } from '../processes/endpoints.mjs';
import { isPortFree, nextFreePort } from '../processes/free-port.mjs';
import { readHolder } from '../processes/lock.mjs';
import { OWNER_SUFFIX, sharedRoot } from '../postgres/postgres-place.mjs';
import { isStillRunning } from '../processes/process-identity.mjs';
import { findOrphans } from '../processes/process-record.mjs';

/** @typedef {import('./doctor-command.mjs').Finding} Finding */

/** @param {import('./doctor-command.mjs').DoctorContext} context @returns {Promise<Finding[]>} */
export async function checkServers({ folders, env }) {
  const holder = readHolder(folders.runLock);
  if (holder && isStillRunning(holder)) {
    return [await checkRunning(folders.endpoints, holder.pid), ...checkForsaken(env)];
  }
  const orphans = findOrphans(folders.processes);

  return [
    { name: 'Running', state: 'later', text: 'not up: npm start' },
    ...(orphans.length === 0
      ? []
      : [
          /** @type {Finding} */ ({
            name: 'Left over',
            state: 'later',
            text: `${orphans.map(({ name, pid }) => `${name} (${pid})`).join(', ')}: ended by the next start`,
          }),
        ]),
    await checkApiPort(Number(env.PORT || 3000), orphans.length > 0),
    ...checkForsaken(env),
  ];
}

/** @param {string} endpointsFile @param {number} pid @returns {Promise<Finding>} */
async function checkRunning(endpointsFile, pid) {
  const endpoints = readEndpoints(endpointsFile);
  if (!endpoints) {
    return { name: 'Running', state: 'ok', text: `starting or stopping (process ${pid})` };
  }
  const answer = await fetch(`${endpoints.api}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  const text = `${endpoints.api} (process ${pid}), ${answer?.ok ? 'ready' : 'not ready'}`;

  return answer?.ok
    ? { name: 'Running', state: 'ok', text }
    : {
        name: 'Running',
        state: 'problem',
        text: `${text}: ${answer ? (await answer.text()).slice(0, 300) : 'no answer'}`,
        mend: `Read the logs in ${path.join(path.dirname(endpointsFile), 'logs')}, or stop it with Ctrl-C and start again.`,
      };
}

/** @param {number} port @param {boolean} mayBeOurs left-over processes may hold it @returns {Promise<Finding>} */
async function checkApiPort(port, mayBeOurs) {
  if (mayBeOurs || (await isPortFree(port))) {
    return { name: 'API port', state: 'ok', text: `${port} is free` };
  }

  return {
    name: 'API port',
    state: 'problem',
    text: `${port} is in use by another program`,
    mend: `Use another one: PORT=${await nextFreePort(port + 1)} npm start`,
  };
}

/** @param {NodeJS.ProcessEnv} env @returns {Finding[]} databases outside of clones whose clone is gone */
function checkForsaken(env) {
  const root = path.join(sharedRoot(env), 'data');
  const claims = existsSync(root) ? readdirSync(root).filter((name) => name.endsWith(OWNER_SUFFIX)) : [];
  return claims
    .map((claim) => ({ folder: path.join(root, claim.slice(0, -OWNER_SUFFIX.length)), claim: path.join(root, claim) }))
    .filter(({ claim }) => !existsSync(readFileSync(claim, 'utf8').trim()))
    .map(({ folder, claim }) => ({
      name: 'Forsaken data',
      state: 'ok',
      text: `${folder} belongs to a clone that is gone; to free the space: rm -r ${folder} ${claim}`,
    }));
}
