import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { controlPlanePlace, obtainControlPlane } from '../runner/kubernetes/obtain-control-plane.mjs';
import { startClusterWhenNeeded } from '../runner/kubernetes/cluster-of-run.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

/** A build that takes a moment and counts. */
function countingBuild() {
  let count = 0;
  return {
    count: () => count,
    build: async (/** @type {{ folder: string }} */ { folder }) => {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(path.join(folder, 'control-plane'), 'a program');
    },
  };
}

test('a control plane is built once, also when two want it at once, and kept under all its names', async (t) => {
  const env = { ...process.env, BMMS_CACHE: temporaryFolder(t) };
  const { build, count } = countingBuild();
  const options = { env, build, update: () => undefined };
  const places = await Promise.all([obtainControlPlane(options), obtainControlPlane(options)]);
  await obtainControlPlane(options);

  assert.equal(count(), 1);
  assert.deepEqual(places, [controlPlanePlace(env), controlPlanePlace(env)]);
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok']) {
    assert.ok(existsSync(path.join(controlPlanePlace(env), name)), name);
  }
});

test('a damaged copy is built again, and what a killed build left is removed', async (t) => {
  const env = { ...process.env, BMMS_CACHE: temporaryFolder(t) };
  const { build, count } = countingBuild();
  const options = { env, build, update: () => undefined };
  const place = await obtainControlPlane(options);
  truncateSync(path.join(place, 'control-plane'), 3);
  mkdirSync(`${place}.new-killed`);
  await obtainControlPlane(options);

  assert.equal(count(), 2);
  assert.deepEqual(readdirSync(path.dirname(place)), [path.basename(place)]);
});

test('where none can be built, the sentence says what helps', async (t) => {
  const env = { ...process.env, BMMS_CACHE: temporaryFolder(t), PATH: '/nowhere' };
  const build = () => Promise.reject(new Error('Go is not installed'));

  await assert.rejects(obtainControlPlane({ env, build, update: () => undefined }), {
    name: 'Problem',
    detail: 'Go is not installed',
    mend: /BMMS_TEST_KUBECONFIG.*KUBECONFIG is never used/,
  });
});

test('a run without the suite gets no cluster, and builds none', async () => {
  const cluster = startClusterWhenNeeded(['unit'], {
    stateFolder: '/nowhere',
    progress: { line: () => undefined, step: () => assert.fail('nothing is to be started') },
  });
  await cluster.stop();
});
