import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildTemporal, TEMPORAL_MODULE } from './build-temporal.mjs';
import { downloadTemporal } from './download-temporal.mjs';
import { fileChecksum } from '../bootstrap/content-stamp.mjs';
import { withLock } from '../processes/lock.mjs';
import { Problem } from '../bootstrap/problem.mjs';
import { runCommand } from '../processes/run-command.mjs';
import { toolCache } from '../bootstrap/tool-cache.mjs';
import { writeFileWhole } from '../bootstrap/write-file-whole.mjs';

/** The last version that `go install` can build, and so the one used everywhere: data files never change hands. */
export const TEMPORAL_VERSION = '1.5.1';

/** Update-with-start, which placing an order needs, is on by default from this server version. */
const OLDEST_SERVER = [1, 28];

/**
 * @typedef {object} TemporalBinary
 * @property {string} path
 * @property {string} source where it came from, for people
 * @property {string} version as it prints it
 */

/**
 * Finds a Temporal binary, or gets one, in the order of D10: `temporal` on PATH, the cache, the official release,
 * a build with Go.
 * @param {object} options
 * @param {import('../bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.connectLimitMs]
 * @returns {Promise<TemporalBinary>} a Problem that names every way when none works
 */
export async function obtainTemporal({ update, env = process.env, connectLimitMs }) {
  /** @type {string[]} */
  const reasons = [];
  const found = (await findOnPath(env, reasons)) ?? (await findInCache(env, reasons));
  if (found) {
    return found;
  }

  const place = cachePlace(env);
  mkdirSync(path.dirname(place), { recursive: true });
  return withLock(
    `${place}.lock`,
    { onWait: (holder) => update(`waiting for process ${holder.pid}, which gets it`) },
    async () => {
      // Whoever held the lock before us may have got it.
      const arrived = await findInCache(env, []);
      return arrived ?? (await obtainInto(place, { update, env, connectLimitMs, reasons }));
    },
  );
}

/** @param {NodeJS.ProcessEnv} [env] @returns {string} */
export function cachePlace(env = process.env) {
  return path.join(toolCache(env), 'temporal', `${TEMPORAL_VERSION}-${process.platform}-${process.arch}`);
}

/** @param {NodeJS.ProcessEnv} env @param {string[]} reasons why it is not taken @returns {Promise<TemporalBinary | null>} */
export async function findOnPath(env, reasons) {
  for (const folder of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    const candidate = path.join(folder, 'temporal');
    if (existsSync(candidate)) {
      const version = await readVersion(candidate);
      if (version && isRecent(version)) {
        return { path: candidate, source: 'PATH', version };
      }
      reasons.push(`temporal on PATH (${candidate}): ${version ? `too old: ${version}` : 'does not run'}`);
    }
  }
  if (reasons.length === 0) {
    reasons.push('temporal on PATH: not there');
  }

  return null;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ version: string, source: string, size: number, sha256: string } | null} what was noted down with the binary
 */
export function readCacheRecord(env) {
  const file = path.join(cachePlace(env), 'installed.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** @param {NodeJS.ProcessEnv} env @param {string[]} reasons @returns {Promise<TemporalBinary | null>} */
export async function findInCache(env, reasons) {
  const place = cachePlace(env);
  const binary = path.join(place, 'temporal');
  try {
    const record = readCacheRecord(env);
    if (record === null) {
      reasons.push(`cached binary (${binary}): not there`);
      return null;
    }
    // The full checksum of 250 MB is the doctor's business; a size tells a damaged copy at no cost.
    if (statSync(binary).size === record.size) {
      return { path: binary, source: `cache (${record.source})`, version: record.version };
    }
    reasons.push(`cached binary (${binary}): damaged`);
  } catch {
    reasons.push(`cached binary (${binary}): damaged`);
  }

  return null;
}

/**
 * @param {string} place @returns {Promise<TemporalBinary>}
 * @param {{ update: import('../bootstrap/progress.mjs').Update, env: NodeJS.ProcessEnv, connectLimitMs?: number, reasons: string[] }} options
 */
async function obtainInto(place, { update, env, connectLimitMs, reasons }) {
  const ways = [
    { source: 'release download', get: downloadTemporal },
    { source: `go install ${TEMPORAL_MODULE}@v${TEMPORAL_VERSION}`, get: buildTemporal },
  ];
  removeAbandoned(place);
  for (const { source, get } of ways) {
    const building = mkdtempSync(`${place}.new-`);
    try {
      await get({ version: TEMPORAL_VERSION, folder: building, update, env, connectLimitMs });
      const binary = path.join(building, 'temporal');
      const version = await readVersion(binary);
      if (!version) {
        throw new Error('the binary does not run on this machine');
      }
      const record = { version, source, size: statSync(binary).size, sha256: await fileChecksum(binary) };
      writeFileWhole(path.join(building, 'installed.json'), `${JSON.stringify(record, null, 2)}\n`);
      rmSync(place, { recursive: true, force: true });
      renameSync(building, place);
      return { path: path.join(place, 'temporal'), source, version };
    } catch (error) {
      reasons.push(`${source}: ${/** @type {Error} */ (error).message}`);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }

  throw new Problem('There is no Temporal server to run, and none could be had:', {
    detail: ['TEMPORAL_ADDRESS: not set', ...reasons].join('\n'),
    mend:
      'Any one of these helps: put the `temporal` CLI on PATH (https://docs.temporal.io/cli), install Go 1.25 or later ' +
      '(https://go.dev/dl), or name a server: TEMPORAL_ADDRESS=<host>:7233 npm start',
  });
}

/** @param {string} place what attempts that were killed have left beside it; nobody else is at it, we hold the lock */
function removeAbandoned(place) {
  const folder = path.dirname(place);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(`${path.basename(place)}.new-`))) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** @param {string} binary @returns {Promise<string | null>} what it says of itself, null when it does not run */
async function readVersion(binary) {
  const result = await runCommand({
    command: binary,
    args: ['--version'],
    cwd: path.dirname(binary),
    timeoutMs: 20_000,
  }).catch(() => null);
  const line = result?.output.split('\n').find((text) => text.startsWith('temporal version'));
  return result?.code === 0 && line ? line.replace('temporal version ', '') : null;
}

/** @param {string} version such as "1.5.1 (Server 1.29.1, UI 2.42.1)" @returns {boolean} */
function isRecent(version) {
  const [, major, minor] = /Server (\d+)\.(\d+)/.exec(version) ?? [];
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_SERVER;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
