import { obtainControlPlane } from './obtain-control-plane.mjs';
import { startTestCluster } from './test-cluster.mjs';

/**
 * The cluster of one run of the tests. Where there is no control plane yet, it is built from the run's start on, beside
 * the other suites; it is started when its suite is about to begin.
 * @param {string[]} steps of the run
 * @param {{ stateFolder: string, progress: import('../../../embedded/bootstrap/progress.mjs').Progress }} options
 */
export function startClusterWhenNeeded(steps, { stateFolder, progress }) {
  const given = process.env.BMMS_TEST_KUBECONFIG;
  const isNeeded = steps.includes('kubernetes') && !given;
  /** What the build does just now, for whoever waits for it. */
  let tell = (/** @type {string} */ _detail) => undefined;
  const servers = isNeeded ? obtainControlPlane({ update: (detail) => tell(detail) }) : null;
  // Looked at where it is awaited; until then a failure must not end the process.
  servers?.catch(() => undefined);
  /** @type {Awaited<ReturnType<typeof startTestCluster>> | null} */
  let cluster = null;

  return {
    /** @param {import('../../../embedded/bootstrap/progress.mjs').Update} update @returns {Promise<string>} its kubeconfig */
    async kubeconfig(update) {
      if (servers === null) {
        return given ?? '';
      }
      tell = (detail) => void update(detail);
      cluster = await startTestCluster({ servers: await servers, stateFolder, progress });
      return cluster.kubeconfig;
    },
    async stop() {
      await servers?.catch(() => undefined);
      await cluster?.stop();
    },
    kill: () => cluster?.kill(),
  };
}
