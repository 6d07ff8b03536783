import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], link?: boolean }} LockedPackage
 */

/**
 * Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. So whoever ran
 * `npm ci` by hand does not wait for a second one.
 * @param {string} project
 */
export function isInstalled(project) {
  const wanted = readPackages(path.join(project, 'package-lock.json'));
  const installed = readPackages(path.join(project, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) {
    return false;
  }

  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '' || entry.link) {
      return true;
    }
    const found = installed[place];
    return found ? found.version === entry.version : Boolean(entry.optional) && !isForThisMachine(entry);
  });
}

/** @param {LockedPackage} entry */
function isForThisMachine({ os, cpu, libc }) {
  const fits = (/** @type {string[] | undefined} */ list, /** @type {string} */ mine) =>
    !list || (list.some((item) => item[0] !== '!') ? list.includes(mine) : !list.includes(`!${mine}`));
  // Which C library a Linux has is npm's to find out; a package that depends on it is not held against the installation.
  return fits(os, process.platform) && fits(cpu, process.arch) && !libc;
}

/** @param {string} file @returns {Record<string, LockedPackage> | null} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}
