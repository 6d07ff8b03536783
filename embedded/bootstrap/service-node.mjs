import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileChecksum } from './content-stamp.mjs';
import { toolCache } from './tool-cache.mjs';
import { withLock } from '../processes/lock.mjs';
import { runCommand } from '../processes/run-command.mjs';

/** What the product's own processes run on where the Node that was found is older: a fifth less work for an order. */
export const SERVICE_NODE_VERSION = '24.22.3';
const MAJOR = 24;

/** SHA-256 of bin/node in the npm packages that carry it, by platform and architecture. There are none for macOS. */
const CHECKSUMS = {
  'linux-x64': 'a7ec1b37e6ff9d187e4198c5b6df9a4eb1c74dd31804fb3bac55cc4ceca1ac01',
  'linux-arm64': '8f9c2a55879e9705cb285b6cdd649d95df642c6720f052cb30f300d2677da99f',
};

/** Without it everything works: nobody waits long for a network that is slow or absent. */
const LIMIT_MS = 120_000;

/**
 * @typedef {object} NodeNow
 * @property {string} version such as 20.19.0
 * @property {string} execPath
 * @property {string} platform
 * @property {string} arch
 */

/** @returns {NodeNow} */
const thisNode = () => ({
  version: process.versions.node,
  execPath: process.execPath,
  platform: process.platform,
  arch: process.arch,
});

/**
 * The Node that API and workers run on: the one that runs this, when it is recent enough, else one from the cache, which is
 * got from the npm registry the first time. Whatever stands in the way of that is said once, and no reason not to start.
 * @param {object} options
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {NodeJS.ProcessEnv} options.env BMMS_NODE=own keeps to the Node that runs this
 * @param {NodeNow} [options.now]
 * @returns {Promise<string>} its executable
 */
export async function findServiceNode({ progress, env, now = thisNode() }) {
  const kind = `${now.platform}-${now.arch}`;
  const checksum = kind in CHECKSUMS ? CHECKSUMS[/** @type {keyof typeof CHECKSUMS} */ (kind)] : null;
  if (env.BMMS_NODE === 'own' || Number(now.version.split('.')[0]) >= MAJOR || checksum === null) {
    return now.execPath;
  }
  const place = path.join(toolCache(env), 'node', `${SERVICE_NODE_VERSION}-${kind}`);
  const node = path.join(place, 'bin', 'node');
  const unfit = `${place}.unfit`;
  if (existsSync(node)) {
    return node;
  }
  if (existsSync(unfit)) {
    return now.execPath;
  }

  return progress.step(`Getting Node ${SERVICE_NODE_VERSION} for the services`, async (update) => {
    try {
      mkdirSync(path.dirname(place), { recursive: true });
      return await withLock(
        `${place}.lock`,
        { onWait: (holder) => update(`waiting for process ${holder.pid}, which gets it`) },
        async () => {
          if (!existsSync(node)) {
            update('51 MB');
            await install({ place, packageName: `node-${kind}`, checksum, env });
          }
          return node;
        },
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof DoesNotRun) {
        writeFileSync(unfit, reason);
      }
      progress.line(`  Node ${SERVICE_NODE_VERSION} is not to be had (${reason}): going on with Node ${now.version}`);
      return now.execPath;
    }
  });
}

/** It will not the next time either. */
class DoesNotRun extends Error {}

/**
 * Puts it beside its place and moves it there, so that what stands there is whole and was tried.
 * @param {{ place: string, packageName: string, checksum: string, env: NodeJS.ProcessEnv }} options
 */
async function install({ place, packageName, checksum, env }) {
  const building = `${place}.new-${process.pid}`;
  const npm = env.npm_execpath;
  try {
    mkdirSync(building, { recursive: true });
    writeFileSync(path.join(building, 'package.json'), '{ "private": true }\n');
    const fetched = await runCommand({
      command: npm ? process.execPath : 'npm',
      args: [
        ...(npm ? [npm] : []),
        'install',
        `${packageName}@${SERVICE_NODE_VERSION}`,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--fetch-retries=0',
      ],
      cwd: building,
      env,
      timeoutMs: LIMIT_MS,
    });
    const installed = path.join(building, 'node_modules', packageName);
    const binary = path.join(installed, 'bin', 'node');
    if (fetched.code !== 0 || !existsSync(binary)) {
      throw new Error('it could not be fetched');
    }
    if ((await fileChecksum(binary)) !== checksum) {
      throw new Error('what came is not what was asked for');
    }
    const tried = await runCommand({ command: binary, args: ['--version'], cwd: building, timeoutMs: LIMIT_MS });
    if (tried.output.trim() !== `v${SERVICE_NODE_VERSION}`) {
      throw new DoesNotRun('it does not run on this machine');
    }
    rmSync(path.join(installed, 'include'), { recursive: true, force: true });
    renameSync(installed, place);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}
