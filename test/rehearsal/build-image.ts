import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { copyOf, readDockerfile, stagesOf, variablesOf } from '../containers/read-dockerfile';
import { projectFolder } from '../environment/servers';

const run = promisify(execFile);

/** What a container of the image starts with. */
export interface Image {
  /** Its working directory, as a folder of this machine. */
  folder: string;
  environment: Record<string, string>;
  /** Words before those of the container. */
  entrypoint: string[];
  healthcheck: string[];
  /** Whom processes run as; null where only root could see to it. */
  user: { uid: number; gid: number } | null;
}

const stages = stagesOf(readDockerfile(readFileSync(path.join(projectFolder, 'Dockerfile'), 'utf8')));
const last = stages.at(-1)?.steps ?? [];
const only = (word: string): string => last.find((step) => step.word === word)?.rest ?? '';

/**
 * What the Dockerfile says of the processes of its image.
 * @param folder that stands for its working directory
 */
export function describeImage(folder: string): Omit<Image, 'user'> {
  const variables = Object.assign({}, ...last.filter(({ word }) => word === 'ENV').map(variablesOf)) as Record<
    string,
    string
  >;

  return {
    folder,
    environment: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value.replaceAll('/app/', `${folder}/`)]),
    ),
    entrypoint: JSON.parse(only('ENTRYPOINT')) as string[],
    healthcheck: JSON.parse(only('HEALTHCHECK').replace(/^.*CMD /, '')) as string[],
  };
}

/**
 * The files, environment and user that the Dockerfile gives its image, in a folder of this machine: packages are installed by
 * its own words, what is compiled is taken from dist/.
 */
export async function buildImage(): Promise<Image & { remove(): void }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-image-'));
  const packages = path.join(folder, 'packages');
  const app = path.join(folder, 'app');
  chmodSync(folder, 0o755);
  [packages, app].forEach((one) => mkdirSync(one));

  for (const step of stages.find(({ name }) => name === 'packages')?.steps ?? []) {
    if (step.word === 'COPY') {
      copyOf(step).sources.forEach((source) =>
        cpSync(path.join(projectFolder, source), path.join(packages, path.basename(source)), { recursive: true }),
      );
    }
    if (step.word === 'RUN') {
      await run('sh', ['-c', step.rest], { cwd: packages, env: withoutNpm(process.env), maxBuffer: 50e6 });
    }
  }
  for (const step of last.filter(({ word }) => word === 'COPY')) {
    const { sources, target } = copyOf(step);

    for (const source of sources) {
      const from = step.flags['from'];
      const inside = source.replace(/^\/app\//, '');
      const found =
        from === undefined
          ? path.join(projectFolder, source)
          : path.join(from === 'packages' ? packages : projectFolder, inside);
      const place = path.join(app, target.endsWith('/') ? path.join(target, path.basename(source)) : target);
      cpSync(found, place, { recursive: true, verbatimSymlinks: true });
    }
  }
  rmSync(packages, { recursive: true });
  const [uid = 0, gid = 0] = only('USER').split(':').map(Number);

  return {
    ...describeImage(app),
    user: process.getuid?.() === 0 ? { uid, gid } : null,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** npm tells what it runs of itself, and that would be taken for settings. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_(?!config_(registry|cache))/i.test(name)));
}
