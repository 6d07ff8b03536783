import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../embedded/bootstrap/problem.mjs';
import { toolCache } from '../../../embedded/bootstrap/tool-cache.mjs';
import { goBuildProgress } from '../../../embedded/processes/go-build-progress.mjs';
import { withLock } from '../../../embedded/processes/lock.mjs';
import { runCommand } from '../../../embedded/processes/run-command.mjs';

/** What the images of the server and of its admin tools run, by their names in these images. */
const COMMANDS = { 'temporal-server': 'cmd/server', 'temporal-sql-tool': 'cmd/tools/sql' };

/** About how many packages a build from nothing compiles. */
const PACKAGES = 1_500;

/**
 * Temporal's server and its tool for tables, of the version in the name of an image: from the cache, or built with Go from
 * the same sources, which takes minutes.
 * @param {object} options
 * @param {string} options.version as 1.31.2
 * @param {import('../../../embedded/bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} the folder that holds both
 */
export async function obtainTemporalServer({ version, update, env = process.env }) {
  const place = path.join(toolCache(env), 'temporal-server', `${version}-${process.platform}-${process.arch}`);
  mkdirSync(path.dirname(place), { recursive: true });

  await withLock(
    `${place}.lock`,
    { onWait: (holder) => update(`waiting for process ${holder.pid}, which builds it`) },
    async () => {
      if (existsSync(place)) {
        return;
      }
      const folder = `${place}.new`;
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);

      for (const [name, module] of Object.entries(COMMANDS)) {
        await build({ module: `go.temporal.io/server/${module}@v${version}`, folder, update, env });
        renameSync(path.join(folder, path.basename(module)), path.join(folder, name));
      }
      renameSync(folder, place);
    },
  );

  return place;
}

/**
 * @param {object} options
 * @param {string} options.module
 * @param {string} options.folder
 * @param {import('../../../embedded/bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} options.env
 */
async function build({ module, folder, update, env }) {
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  const result = await runCommand({
    command: 'go',
    args: ['install', '-v', '-trimpath', '-ldflags', '-s -w', module],
    cwd: folder,
    env: { ...rest, GOBIN: folder, CGO_ENABLED: '0', GOWORK: 'off' },
    onLine: goBuildProgress({ packages: PACKAGES, update }),
  }).catch((error) => {
    throw new Problem(`Temporal's server was not built: ${error.message}.`, { mend: 'Install Go 1.25 or later.' });
  });

  if (result.code !== 0) {
    throw new Problem(`${module} was not built: ${result.tail.split('\n').slice(-3).join(' / ')}`, {
      mend: 'See that Go 1.25 or later is installed and reaches its modules.',
    });
  }
}
