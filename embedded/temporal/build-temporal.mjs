import path from 'node:path';
import { goBuildProgress } from '../processes/go-build-progress.mjs';
import { runCommand } from '../processes/run-command.mjs';

export const TEMPORAL_MODULE = 'github.com/temporalio/cli/cmd/temporal';

/** About how many packages a build from nothing compiles, so that progress can be shown as a share. */
const PACKAGES = 1_300;

/**
 * Builds the Temporal CLI with Go into a folder (3.6 min on 2 cores when nothing is cached).
 * @param {object} options
 * @param {string} options.version
 * @param {string} options.folder
 * @param {import('../bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} options.env
 */
export async function buildTemporal({ version, folder, update, env }) {
  const onLine = goBuildProgress({ packages: PACKAGES, update });

  // Cross-compiling settings of the person would build for another machine, and `go install` refuses GOBIN with them.
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  const result = await runCommand({
    command: 'go',
    args: [
      'install',
      '-v',
      '-trimpath',
      '-ldflags',
      `-s -w -X github.com/temporalio/cli/temporalcli.Version=${version}`,
      `${TEMPORAL_MODULE}@v${version}`,
    ],
    cwd: folder,
    env: { ...rest, GOBIN: path.resolve(folder), CGO_ENABLED: '0', GOWORK: 'off' },
    onLine,
  }).catch((error) => {
    throw new Error(error.code === 'ENOENT' ? 'Go is not installed' : error.message);
  });
  if (result.code !== 0) {
    throw new Error(`failed: ${result.tail.split('\n').slice(-3).join(' / ')}`);
  }
}
