import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createPortClaims } from '../../../embedded/processes/port-claims.mjs';
import { endOrphans, writeProcessRecord } from '../../../embedded/processes/process-record.mjs';
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
  mkdirSync(stateFolder, { recursive: true });
  const recordFile = path.join(stateFolder, 'kubernetes-processes.json');
  await endOrphans(recordFile, (name) => progress.line(`  ending ${name}, left over from a test run that was killed`));

  const token = randomUUID();
  const claims = createPortClaims();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-test-kubernetes-'));
  /** In the order of their start: etcd, the API server, the rest. @type {import('../../../embedded/processes/child-process.mjs').Child[]} */
  const children = [];
  const onChild = (/** @type {import('../../../embedded/processes/child-process.mjs').Child} */ child) => {
    children.push(child);
    writeProcessRecord(recordFile, {
      token,
      folder,
      children: children.map(({ name, identity, stopLadder }) => ({ name, ...identity, stopLadder })),
    });
  };
  const stop = async () => {
    const [etcd, apiServer, ...others] = children;
    await Promise.all(others.map((child) => child.stop()));
    // It drains only while etcd answers.
    await apiServer?.stop();
    await etcd?.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordFile, { force: true });
    claims.release();
  };

  try {
    const { kubeconfig } = await progress.step('Test Kubernetes', () =>
      startControlPlane({ servers, folder, claimPort: claims.claim, firstPort: FIRST_PORT, token, onChild }),
    );
    return { kubeconfig, stop, kill: () => children.forEach((child) => child.kill()) };
  } catch (error) {
    await stop();
    throw error;
  }
}
