import { execFile } from 'node:child_process';
import { access, cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { benchFolder } from '../start-system';

const run = promisify(execFile);
const projectFolder = path.resolve(__dirname, '../../..');

export interface OlderBuild {
  folder: string;
  /** The commit, shortened. */
  commit: string;
}

/**
 * The project as it was at a commit, compiled, in a folder of its own that is kept for the next time. Its packages are
 * those that stand here where its lock file says the same, else what it asks for itself.
 * @throws Error when there is no such commit, or it cannot be built
 */
export async function prepareOlderBuild(wanted: string): Promise<OlderBuild> {
  const git = async (...words: string[]) => (await run('git', words, { cwd: projectFolder })).stdout.trim();
  const commit = (await git('rev-parse', '--verify', '--end-of-options', `${wanted}^{commit}`)).slice(0, 12);
  const folder = path.join(benchFolder, 'builds', commit);

  if (!(await exists(folder))) {
    // Made beside it and moved: a folder of that name is a whole one.
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    const archive = `${unfinished}.tar`;
    await git('archive', '--format=tar', `--output=${archive}`, commit);
    await run('tar', ['-xf', archive, '-C', unfinished]);
    await rm(archive);
    await lendPackages(unfinished);
    await rename(unfinished, folder);
  }
  console.log(`building ${commit} in ${path.relative(projectFolder, folder)}`);
  await run(process.execPath, ['embedded/bootstrap.mjs', 'build'], { cwd: folder, maxBuffer: 1 << 26 });

  return { folder, commit };
}

async function lendPackages(folder: string): Promise<void> {
  const lockOf = (project: string) => readFile(path.join(project, 'package-lock.json'), 'utf8');

  if ((await lockOf(folder)) !== (await lockOf(projectFolder))) {
    return;
  }
  const cache = path.join(projectFolder, 'node_modules', '.cache');
  await cp(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    // What the compiler remembers is about the other code.
    filter: (source) => source !== cache,
  });
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
