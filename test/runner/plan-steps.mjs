import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Static checks, in the order they run. */
export const STATIC_STEPS = ['types', 'lint', 'format', 'layering'];

/** Suites of tests, in the order they run. */
export const TEST_STEPS = ['unit', 'integration', 'end-to-end', 'crash', 'embedded', 'kubernetes'];

/** Words of the command line that stand for several steps. */
const GROUPS = { quick: [...STATIC_STEPS, 'unit'], static: STATIC_STEPS };

/** Where the files of each suite lie, so that a pattern can be matched without starting anything. */
const SUITE_FILES = {
  unit: {
    folders: ['domain', 'platform', 'api', 'workflows', 'activities', 'workers', 'gateways', 'cli', 'test/containers'],
    ending: '.spec.ts',
  },
  integration: { folders: ['test/integration'], ending: '.test.ts' },
  'end-to-end': { folders: ['test/end-to-end'], ending: '.test.ts' },
  crash: { folders: ['test/crash'], ending: '.test.ts' },
  embedded: { folders: ['test/embedded'], ending: '.test.mjs' },
  kubernetes: { folders: ['test/kubernetes'], ending: '.test.ts' },
};

/**
 * @typedef {object} Plan
 * @property {string[]} steps
 * @property {string[]} patterns test files must match one of these regular expressions; none: all files
 */

/**
 * @param {string[]} words of the command line: steps, groups of steps, or patterns of test files
 * @param {string} projectFolder
 * @returns {Plan} without words everything; with patterns only, the suites that have a matching file
 */
export function planSteps(words, projectFolder) {
  const known = [...STATIC_STEPS, ...TEST_STEPS];
  const named = words.flatMap(
    (word) => GROUPS[/** @type {keyof GROUPS} */ (word)] ?? (known.includes(word) ? [word] : []),
  );
  const patterns = words.filter((word) => !(word in GROUPS) && !known.includes(word));
  if (patterns.length === 0) {
    return { steps: words.length === 0 ? known : known.filter((step) => named.includes(step)), patterns };
  }
  const among = named.length === 0 ? TEST_STEPS : named;
  const steps = known.filter(
    (step) =>
      among.includes(step) && (STATIC_STEPS.includes(step) || findFiles(step, patterns, projectFolder).length > 0),
  );

  return { steps, patterns };
}

/**
 * @param {string} step @param {string[]} patterns @param {string} projectFolder
 * @returns {string[]} the suite's test files that match, as absolute paths
 */
export function findFiles(step, patterns, projectFolder) {
  const { folders, ending } = SUITE_FILES[/** @type {keyof SUITE_FILES} */ (step)];
  const expressions = patterns.map((pattern) => new RegExp(pattern));
  return folders
    .filter((folder) => existsSync(path.join(projectFolder, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(projectFolder, folder), { recursive: true }).map((name) => path.join(folder, String(name))),
    )
    .filter((file) => file.endsWith(ending))
    .filter((file) => expressions.length === 0 || expressions.some((expression) => expression.test(file)))
    .map((file) => path.join(projectFolder, file))
    .sort();
}
