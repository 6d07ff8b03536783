import path from 'node:path';
import { openServerGroup } from '../server-group.mjs';
import { startControlPlane } from './start-control-plane.mjs';

/** Beside the ports of the other test servers. */
const FIRST_PORT = 27_400;

/**
 * A Kubernetes cluster for tests, of our own: never that of KUBECONFIG.
 * @param {object} options
 * @param {string} options.servers folder with the programs of a control plane
 * @param {string} options.stateFolder process record
 * @param {import('../../../embedded/bootstrap/progress.mjs').Progress} options.progress
 * @returns {Promise<{ kubeconfig: string, stop: () => Promise<void>, kill: () => void }>}
 */
export async function startTestCluster({ servers, stateFolder, progress }) {
  const group = await openServerGroup({
    recordFile: path.join(stateFolder, 'kubernetes-processes.json'),
    name: 'bmms-test-kubernetes',
    run: 'test run',
    progress,
  });
  const { token, folder, claimPort, onChild } = group;
  const stop = async () => {
    // The API server drains only while etcd answers.
    const [etcd, apiServer, ...others] = group.children;
    await Promise.all(others.map((child) => child.stop()));
    await apiServer?.stop();
    await etcd?.stop();
    group.forget();
  };

  try {
    const { kubeconfig } = await progress.step('Test Kubernetes', () =>
      startControlPlane({ servers, folder, claimPort, firstPort: FIRST_PORT, token, onChild }),
    );
    return { kubeconfig, stop, kill: group.kill };
  } catch (error) {
    await stop();
    throw error;
  }
}
