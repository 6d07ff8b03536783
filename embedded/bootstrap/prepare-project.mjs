import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { contentStamp } from './content-stamp.mjs';
import { installPackages } from './install-packages.mjs';
import { isInstalled } from './installed-packages.mjs';
import { withLock } from '../processes/lock.mjs';
import { CLI } from '../processes/node-service.mjs';
import { Problem } from './problem.mjs';
import { requireCommand, runCommand } from '../processes/run-command.mjs';
import { writeFileWhole } from './write-file-whole.mjs';

/** Beside each product lies the stamp of what it was made from; whoever removes the product removes the stamp with it. */
const STAMP = '.bmms-stamp';
const CLIENT = 'platform/db/generated';
const BUNDLE = 'dist/workflow-bundle.js';
const SHOWN_ERRORS = 15;

/**
 * Brings packages, generated code and compiled code up to date, each only when its input changed (D35).
 * @param {object} options
 * @param {string} options.projectFolder
 * @param {string} options.lockFile one preparation at a time per clone; a second one waits for it
 * @param {boolean} options.compile whether dist/ is wanted too
 * @param {import('./progress.mjs').Progress} options.progress
 */
export async function prepareProject({ projectFolder, lockFile, compile, progress }) {
  const onWait = once((/** @type {number} */ pid) =>
    progress.line(`waiting for process ${pid}, which prepares this clone`),
  );
  mkdirSync(path.dirname(lockFile), { recursive: true });
  await withLock(lockFile, { onWait: (holder) => onWait(holder.pid) }, async () => {
    await installIfStale(projectFolder, progress);
    await generateClient(projectFolder, progress);
    if (compile) {
      await compileProject(projectFolder, progress);
    }
  });
}

/**
 * What `prepareProject` would have to do now, for the doctor.
 * @param {string} project @returns {string[]} sentences; none when everything is in place
 */
export function describeStale(project) {
  if (!isInstalled(project)) {
    return ['packages are not installed, or not those of package-lock.json'];
  }

  return [
    ...(readStamp(path.join(project, CLIENT, STAMP)) === clientStamp(project) ? [] : ['the database client is stale']),
    ...(isCompiled(project, sourceStamp(project)) ? [] : ['the compiled code is stale']),
  ];
}

/** @param {string} project @param {import('./progress.mjs').Progress} progress */
async function installIfStale(project, progress) {
  const stampFile = path.join(project, 'node_modules', STAMP);
  const stamp = contentStamp(project, ['package.json', 'package-lock.json'], { extra: platformKey() });
  if (readStamp(stampFile) === stamp) {
    return;
  }
  if (!isInstalled(project)) {
    await progress.step('Installing packages', (update) => installPackages(project, update));
  }
  writeFileWhole(stampFile, stamp);
}

/** @param {string} project @param {import('./progress.mjs').Progress} progress */
async function generateClient(project, progress) {
  const stampFile = path.join(project, CLIENT, STAMP);
  const stamp = clientStamp(project);
  if (readStamp(stampFile) === stamp) {
    return;
  }
  await progress.step('Generating the database client', () =>
    requireCommand({
      command: process.execPath,
      args: [path.join(project, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'],
      cwd: project,
      // Generating needs no engine; naming any program keeps Prisma from downloading one.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' },
      failure: 'The database client could not be generated',
    }),
  );
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileWhole(stampFile, stamp);
}

/**
 * Compiles to dist/ and bundles the workflows, when a source changed.
 * @param {string} project @param {import('./progress.mjs').Progress} progress
 */
export async function compileProject(project, progress) {
  const stampFile = path.join(project, 'dist', STAMP);
  const stamp = sourceStamp(project);
  if (isCompiled(project, stamp)) {
    return;
  }
  rmSync(stampFile, { force: true });
  await progress.step('Compiling', () => runCompiler(project));
  await progress.step('Bundling the workflows', () =>
    requireCommand({
      command: process.execPath,
      args: [path.join(project, 'dist', 'workers', 'build-bundle.js')],
      cwd: project,
      failure: 'The workflows could not be bundled',
    }),
  );
  writeFileWhole(stampFile, stamp);
}

/** @param {string} project */
function clientStamp(project) {
  return contentStamp(project, ['prisma/schema', 'prisma.config.ts', 'node_modules/prisma/package.json']);
}

/** @param {string} project */
function sourceStamp(project) {
  const { include } = JSON.parse(readFileSync(path.join(project, 'tsconfig.build.json'), 'utf8'));
  return contentStamp(project, ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', ...include], {
    keep: (file) => !file.endsWith('.spec.ts') && !file.endsWith(STAMP),
  });
}

/** @param {string} project @param {string} stamp */
function isCompiled(project, stamp) {
  const products = [BUNDLE, CLI].map((file) => path.join(project, file));
  return readStamp(path.join(project, 'dist', STAMP)) === stamp && products.every(existsSync);
}

/** @param {string} project */
async function runCompiler(project) {
  const result = await runCommand({
    command: process.execPath,
    args: [
      path.join(project, 'node_modules', 'typescript', 'bin', 'tsc'),
      '--project',
      'tsconfig.build.json',
      // The compiler's memory goes away with dist/, else it would believe removed output to be there still.
      '--tsBuildInfoFile',
      'dist/.tsbuildinfo',
      '--pretty',
      'false',
    ],
    cwd: project,
  });
  if (result.code !== 0) {
    const errors = result.output.split('\n');
    throw new Problem('The sources do not compile.', {
      detail: [...errors.slice(0, SHOWN_ERRORS), ...(errors.length > SHOWN_ERRORS ? ['…'] : [])].join('\n'),
      mend: 'See all with: npm run types',
    });
  }
}

function platformKey() {
  return `${process.platform}-${process.arch}`;
}

/** @param {string} file @returns {string | null} */
function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** @template A @param {(argument: A) => void} work @returns {(argument: A) => void} */
function once(work) {
  let done = false;
  return (argument) => {
    if (!done) {
      done = true;
      work(argument);
    }
  };
}
