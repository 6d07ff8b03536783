import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createProgress } from '../../../embedded/bootstrap/progress.mjs';
import { Problem } from '../../../embedded/bootstrap/problem.mjs';
import { tryLock } from '../../../embedded/processes/lock.mjs';
import { killRunningCommands } from '../../../embedded/processes/run-command.mjs';
import { listenForStop } from '../../../embedded/processes/stop-signals.mjs';
import { obtainControlPlane } from './obtain-control-plane.mjs';
import { startTestCluster } from './test-cluster.mjs';

/**
 * Keeps a test cluster up until Ctrl-C, so that its suite can be run against it again and again.
 * @param {{ projectFolder: string }} options
 */
export async function serveCluster({ projectFolder }) {
  const stateFolder = path.join(projectFolder, '.bmms-test', 'kubernetes');
  mkdirSync(stateFolder, { recursive: true });
  const lock = tryLock(path.join(stateFolder, 'lock'));
  if (!('release' in lock)) {
    throw new Problem(`A test cluster of this clone is up already (process ${lock.holder.pid}).`);
  }
  /** @type {Awaited<ReturnType<typeof startTestCluster>> | null} */
  let cluster = null;
  const ended = new Promise((resolve) => {
    listenForStop({
      stop: resolve,
      kill: () => {
        cluster?.kill();
        process.exit(130);
      },
    });
  });
  void ended.then(() => killRunningCommands());
  const progress = createProgress(process.stderr);
  const servers = await progress.step('Getting a Kubernetes control plane', (update) => obtainControlPlane({ update }));
  cluster = await startTestCluster({ servers, stateFolder, progress });
  console.log(`BMMS_TEST_KUBECONFIG=${cluster.kubeconfig}`);
  await ended;
  await cluster.stop();
  lock.release();
}
