import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { goBuildProgress } from '../../../embedded/processes/go-build-progress.mjs';
import { runCommand } from '../../../embedded/processes/run-command.mjs';

/** What is compiled: main.go, with the versions of everything in go.mod and their checksums in go.sum. */
export const programFolder = fileURLToPath(new URL('./program', import.meta.url));

export const KUBERNETES_VERSION = '1.36.3';

/** About how many packages a build from nothing compiles, so that progress can be shown as a share. */
const PACKAGES = 2_400;

/** Far more than a build from nothing takes on two slow cores that others keep busy: it takes what they leave. */
const DEADLINE_MS = 150 * 60_000;

/**
 * Builds the control plane with Go into a folder, as the program "control-plane".
 * @param {object} options
 * @param {string} options.folder
 * @param {import('../../../embedded/bootstrap/progress.mjs').Update} options.update
 * @param {NodeJS.ProcessEnv} options.env
 */
export async function buildControlPlane({ folder, update, env }) {
  const source = path.join(folder, 'source');
  cpSync(programFolder, source, { recursive: true });
  const onLine = goBuildProgress({ packages: PACKAGES, update });

  const [major, minor] = KUBERNETES_VERSION.split('.');
  const version = 'k8s.io/component-base/version';
  const flags = [
    '-s -w',
    `-X ${version}.gitVersion=v${KUBERNETES_VERSION}`,
    `-X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`,
  ].join(' ');
  // Tests run beside it: it takes what they leave, in a session of its own (runCommand) that the scheduler may favour less.
  const politely = 'echo 15 2>/dev/null >/proc/self/autogroup; exec nice -n 10 "$@"';
  const build = ['go', 'build', '-v', '-trimpath', '-buildvcs=false', '-ldflags', flags, '-o', '../control-plane', '.'];
  // Cross-compiling settings of the person would build for another machine.
  const { GOOS: _os, GOARCH: _arch, GOFLAGS: _flags, ...rest } = env;
  const result = await runCommand({
    command: 'sh',
    args: ['-c', `command -v go >/dev/null || exit 127; ${politely}`, 'sh', ...build],
    cwd: source,
    env: { ...rest, CGO_ENABLED: '0', GOWORK: 'off' },
    timeoutMs: DEADLINE_MS,
    onLine,
  });
  if (result.code === 127) {
    throw new Error('Go is not installed');
  }
  if (result.code !== 0) {
    throw new Error(`go build failed: ${result.tail.split('\n').slice(-3).join(' / ')}`);
  }
}
