import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../embedded/processes/run-command.mjs';
import { emptyTally, failedTally } from './tally.mjs';

const SOURCE_FOLDERS = [
  'api',
  'clients',
  'workflows',
  'activities',
  'workers',
  'domain',
  'gateways',
  'sandboxes',
  'platform',
  'cli',
];
const CACHE = 'node_modules/.cache';

/** Each check is one or more programs of node_modules, all of which must be content. */
const CHECKS = {
  types: [
    ['typescript/bin/tsc', '--project', 'tsconfig.json', '--pretty', 'false'],
    ['typescript/bin/tsc', '--project', 'embedded/tsconfig.json', '--pretty', 'false'],
  ],
  // Kept by content of the file alone: a fresh clone, as CI is, looks at everything.
  lint: [
    [
      'eslint/bin/eslint.js',
      '.',
      '--max-warnings=0',
      '--cache',
      '--cache-strategy=content',
      `--cache-location=${CACHE}/eslint/`,
    ],
  ],
  format: [
    [
      'prettier/bin/prettier.cjs',
      '--check',
      '.',
      '--cache',
      '--cache-strategy=content',
      `--cache-location=${CACHE}/prettier/.prettier-cache`,
    ],
  ],
  layering: [['dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs']],
};

/**
 * @param {string} name one of types, lint, format, layering @param {string} projectFolder
 * @returns {Promise<import('./tally.mjs').Tally>} one passed or one failed
 */
export async function runStaticCheck(name, projectFolder) {
  for (const [script = '', ...args] of CHECKS[/** @type {keyof CHECKS} */ (name)]) {
    const folders = SOURCE_FOLDERS.filter((folder) => existsSync(path.join(projectFolder, folder)));
    const result = await runCommand({
      command: process.execPath,
      args: [path.join(projectFolder, 'node_modules', script), ...args, ...(name === 'layering' ? folders : [])],
      cwd: projectFolder,
    });
    if (result.code !== 0) {
      return failedTally(name, result.output || `ended with status ${result.code}`);
    }
  }

  return { ...emptyTally(name), passed: 1 };
}
