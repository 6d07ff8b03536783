import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { contentStamp } from '../../../embedded/bootstrap/content-stamp.mjs';
import { Problem } from '../../../embedded/bootstrap/problem.mjs';
import { toolCache } from '../../../embedded/bootstrap/tool-cache.mjs';
import { writeFileWhole } from '../../../embedded/bootstrap/write-file-whole.mjs';
import { withLock } from '../../../embedded/processes/lock.mjs';
import { buildControlPlane, KUBERNETES_VERSION, programFolder } from './build-control-plane.mjs';

/** Names the one program is started under. */
const SERVERS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];

/**
 * The folder with the servers of a Kubernetes control plane: from the cache, else built, once per machine and version.
 * @param {object} options
 * @param {import('../../../embedded/bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {typeof buildControlPlane} [options.build]
 * @returns {Promise<string>}
 */
export async function obtainControlPlane({ update, env = process.env, build = buildControlPlane }) {
  const place = controlPlanePlace(env);
  if (isComplete(place)) {
    return place;
  }
  mkdirSync(path.dirname(place), { recursive: true });
  await withLock(
    `${place}.lock`,
    { onWait: (holder) => update(`waiting for process ${holder.pid}, which builds it`) },
    async () => {
      // Whoever held the lock before us may have built it.
      if (!isComplete(place)) {
        await buildInto(place, { update, env, build });
      }
    },
  );

  return place;
}

/** By version, platform and what is compiled. @param {NodeJS.ProcessEnv} [env] @returns {string} */
export function controlPlanePlace(env = process.env) {
  const program = contentStamp(programFolder, ['main.go', 'go.mod', 'go.sum']).slice(0, 12);
  const name = `${KUBERNETES_VERSION}-${process.platform}-${process.arch}-${program}`;
  return path.join(toolCache(env), 'kubernetes', name);
}

/** @param {string} place whether it is there and whole: a size tells a damaged copy at no cost */
function isComplete(place) {
  try {
    const { size } = JSON.parse(readFileSync(path.join(place, 'installed.json'), 'utf8'));
    return SERVERS.every((name) => statSync(path.join(place, name)).size === size);
  } catch {
    return false;
  }
}

/** @param {string} place @param {{ update: (detail: string) => void, env: NodeJS.ProcessEnv, build: typeof buildControlPlane }} options */
async function buildInto(place, { update, env, build }) {
  removeAbandoned(place);
  const building = mkdtempSync(`${place}.new-`);
  try {
    await build({ folder: building, update, env });
    rmSync(path.join(building, 'source'), { recursive: true, force: true });
    SERVERS.forEach((name) => symlinkSync('control-plane', path.join(building, name)));
    const { size } = statSync(path.join(building, 'control-plane'));
    writeFileWhole(path.join(building, 'installed.json'), `${JSON.stringify({ size })}\n`);
    rmSync(place, { recursive: true, force: true });
    renameSync(building, place);
  } catch (error) {
    throw new Problem('There is no Kubernetes control plane to test against, and none could be built:', {
      detail: /** @type {Error} */ (error).message,
      mend:
        'Install Go 1.25 or later (https://go.dev/dl), or name a cluster that tests may use: ' +
        'BMMS_TEST_KUBECONFIG=<file>. KUBECONFIG is never used.',
      cause: error,
    });
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** @param {string} place what attempts that were killed have left beside it; nobody else is at it, we hold the lock */
function removeAbandoned(place) {
  const folder = path.dirname(place);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${path.basename(place)}.new-`))) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
