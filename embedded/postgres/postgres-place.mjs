import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../bootstrap/problem.mjs';
import { ownerOf } from './postgres-data.mjs';
import { accountOf, canReach, chooseServerUser } from './server-user.mjs';
import { writeFileWhole } from '../bootstrap/write-file-whole.mjs';

/**
 * Where this clone's PostgreSQL lives (D10): inside .bmms, or, when we are root and PostgreSQL's account cannot reach
 * the clone, in a folder below `sharedRoot()` under an id of this clone's own.
 * @typedef {object} PostgresPlace
 * @property {string} folder
 * @property {import('./server-user.mjs').ServerUser | null} user
 */

/** Beside a shared folder lies a file that names the data folder it belongs to. */
export const OWNER_SUFFIX = '.owner';

/** @param {NodeJS.ProcessEnv} [env] BMMS_POSTGRES_ROOT moves it @returns {string} a folder every account can enter */
export function sharedRoot(env = process.env) {
  return path.resolve(
    env.BMMS_POSTGRES_ROOT || (process.platform === 'darwin' ? '/usr/local/var/bmms' : '/var/lib/bmms'),
  );
}

/**
 * Decides once and remembers: data never move by themselves.
 * @param {import('../bootstrap/folders.mjs').DataFolders} folders @param {NodeJS.ProcessEnv} [env]
 * @returns {PostgresPlace}
 */
export function choosePostgresPlace(folders, env = process.env) {
  const user = chooseServerUser(env);
  const kept = readPlace(folders.postgresPlace);
  const inside = path.join(folders.root, 'postgres');
  const id = kept ? kept.id : canReach(folders.root, user) ? null : randomUUID();
  if (!kept) {
    writeFileWhole(folders.postgresPlace, `${JSON.stringify({ id })}\n`, 0o600);
  }
  const folder = id === null ? inside : claimShared(path.join(sharedRoot(env), 'data'), id, folders);
  const owner = keepOwner(folder, user);
  if (!canReach(folders.root, owner) && id === null) {
    throw new Problem(`The account ${owner?.name}, under which PostgreSQL runs, cannot enter ${inside} any more.`, {
      mend: 'Let it pass through every folder on the way (chmod o+x), or start as the user who made the data.',
    });
  }

  return { folder, user: owner };
}

/**
 * The database's folder, without making anything.
 * @param {import('../bootstrap/folders.mjs').DataFolders} folders @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} null before the first start
 */
export function findPostgresFolder(folders, env = process.env) {
  const kept = readPlace(folders.postgresPlace);
  if (!kept) {
    return null;
  }

  return kept.id === null ? path.join(folders.root, 'postgres') : path.join(sharedRoot(env), 'data', kept.id);
}

/** @param {string} file @returns {{ id: string | null } | null} */
function readPlace(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/**
 * A data folder that was copied names the same folder; two of them must not write the same database.
 * @param {string} root @param {string} id @param {import('../bootstrap/folders.mjs').DataFolders} folders @returns {string}
 */
function claimShared(root, id, folders) {
  const folder = path.join(root, id);
  const claim = path.join(root, `${id}${OWNER_SUFFIX}`);
  const owner = realpathSync(folders.root);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const claimant = existsSync(claim) ? readFileSync(claim, 'utf8').trim() : null;
  if (
    claimant !== null &&
    claimant !== owner &&
    existsSync(path.join(claimant, path.basename(folders.postgresPlace)))
  ) {
    throw new Problem(`The database of ${owner} belongs to ${claimant}.`, {
      mend: `The first looks like a copy of the second. For a database of its own, remove ${owner} (not the other).`,
    });
  }
  if (claimant !== owner) {
    writeFileSync(claim, `${owner}\n`);
  }

  return folder;
}

/**
 * Data that exist keep their account, even when a better one has appeared on the machine since.
 * @param {string} folder @param {import('./server-user.mjs').ServerUser | null} user
 */
function keepOwner(folder, user) {
  const data = path.join(folder, 'data');
  const present = existsSync(data);
  if (user === null) {
    if (present && ownerOf(data) !== process.getuid?.()) {
      throw new Problem(`The database in ${folder} was made by another user (uid ${ownerOf(data)}).`, {
        mend: 'Start as the user who made it (root, if it was made by root), or remove .bmms to begin anew (all data is lost).',
      });
    }
    return null;
  }

  return present ? (accountOf(ownerOf(data)) ?? user) : user;
}
