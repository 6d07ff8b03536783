import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './problem.mjs';
import { runCommand } from '../processes/run-command.mjs';

const SHOWN_ERRORS = 12;

/**
 * Installs exactly what package-lock.json says.
 *
 * A lock written on one kind of machine may lack packages that only other kinds need, which a registry may not even
 * carry; `npm ci` then refuses everywhere. When nothing but such optional packages is missing, `npm install` follows the
 * lock all the same and leaves the file as it is.
 * @param {string} project @param {import('./progress.mjs').Update} update
 */
export async function installPackages(project, update) {
  const first = await runNpm(project, ['ci'], update);
  const result =
    first.code !== 0 && lacksOnlyOptional(first.output, project)
      ? await runNpm(project, ['install', '--no-save'], update)
      : first;
  if (result.code !== 0) {
    const errors = result.output.split('\n').filter((line) => /^npm error(?! A complete log)/.test(line));
    throw new Problem(`The packages could not be installed (npm ended with status ${result.code}).`, {
      detail: errors.slice(0, SHOWN_ERRORS).join('\n') || result.tail,
      mend: 'Check the network and the registry (npm ping), then run the same command again.',
    });
  }
}

/** @param {string} project @param {string[]} words @param {import('./progress.mjs').Update} update */
async function runNpm(project, words, update) {
  const npm = process.env.npm_execpath;
  let fetched = 0;
  try {
    return await runCommand({
      command: npm ? process.execPath : 'npm',
      args: [
        ...(npm ? [npm] : []),
        ...words,
        // The compiler and the servers' binaries are needed whatever NODE_ENV says.
        '--include=dev',
        '--include=optional',
        '--loglevel=http',
        '--fetch-retry-mintimeout=1000',
        '--fetch-retry-maxtimeout=5000',
      ],
      cwd: project,
      keepLine: (line) => !isFetch(line),
      onLine: (line) => {
        if (isFetch(line)) {
          fetched += 1;
          update(`${fetched} files fetched`);
        }
      },
    });
  } catch (cause) {
    throw new Problem('npm is not installed or cannot be run.', {
      mend: 'It comes with Node: https://nodejs.org',
      cause,
    });
  }
}

/** @param {string} line */
function isFetch(line) {
  return line.includes('http fetch GET') || line.includes('http cache ');
}

/**
 * @param {string} output of `npm ci` @param {string} project
 * @returns {boolean} whether all it complains of are packages missing from the lock that some package wants optionally
 */
export function lacksOnlyOptional(output, project) {
  const complaints = output.split('\n').filter((line) => /^npm error (Missing|Invalid): /.test(line));
  const { packages } = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  const optional = new Set(
    Object.values(packages).flatMap((/** @type {any} */ entry) => Object.keys(entry.optionalDependencies ?? {})),
  );
  const names = complaints.map((line) => /^npm error Missing: (@?[^@\s]+)@\S* from lock file/.exec(line)?.[1]);

  return names.length > 0 && names.every((name) => name !== undefined && optional.has(name));
}
