import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { tryLock } from '../../embedded/processes/lock.mjs';
import { createProgress } from '../../embedded/bootstrap/progress.mjs';
import { Problem } from '../../embedded/bootstrap/problem.mjs';
import { killRunningCommands } from '../../embedded/processes/run-command.mjs';
import { listenForStop } from '../../embedded/processes/stop-signals.mjs';
import { startTestServers } from './test-servers.mjs';

/**
 * Keeps test servers up until Ctrl-C, so that single suites can be run against them again and again.
 * @param {{ projectFolder: string, name: string }} options name: several people may serve side by side, each their own
 */
export async function serve({ projectFolder, name }) {
  const stateFolder = path.join(projectFolder, '.bmms-test', name);
  mkdirSync(stateFolder, { recursive: true });
  const lock = tryLock(path.join(stateFolder, 'lock'));
  if (!('release' in lock)) {
    throw new Problem(`Test servers named "${name}" are up already (process ${lock.holder.pid}).`, {
      mend: 'Use them, or serve your own under another name: node test/run.mjs --serve <name>',
    });
  }

  /** @type {Awaited<ReturnType<typeof startTestServers>> | null} */
  let servers = null;
  const ended = new Promise((resolve) => {
    listenForStop({
      stop: resolve,
      kill: () => {
        servers?.kill();
        process.exit(130);
      },
    });
  });
  void ended.then(() => killRunningCommands());
  servers = await startTestServers({ projectFolder, stateFolder, progress: createProgress(process.stderr) });
  console.log(JSON.stringify(servers.environment, null, 2));
  console.log(`BMMS_TEST_ENVIRONMENT=${path.relative(process.cwd(), servers.environmentFile)}`);
  await ended;
  await servers.stop();
  lock.release();
}
