import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../../embedded/bootstrap/problem.mjs';
import { startChild } from '../../../embedded/processes/child-process.mjs';
import { delay } from '../../../embedded/processes/delay.mjs';
import { tailOf } from '../../../embedded/processes/log-tail.mjs';
import { callCluster } from './call-cluster.mjs';
import { writeKubeconfig } from './write-kubeconfig.mjs';

const READY_WITHIN_MS = 120_000;
const stagesFolder = fileURLToPath(new URL('./stages', import.meta.url));

/** What the product's objects need to live: rollouts, garbage, quotas, disruption budgets, accounts, nodes. */
const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'endpointslice-controller',
  'resourcequota-controller',
  'disruption-controller',
  // Takes the taint "not ready" off the node.
  'node-lifecycle-controller',
];

/** @type {import('../../../embedded/processes/child-process.mjs').StopLadder} */
const STOP_LADDER = [{ signal: 'SIGTERM', waitMs: 10_000 }];

/**
 * Starts etcd, the API server, the controllers, the scheduler, and kwok, which plays one node; waits until a pod could run.
 * @param {object} options
 * @param {string} options.servers folder with the programs
 * @param {string} options.folder for their data, keys and logs
 * @param {(wanted: number) => Promise<number>} options.claimPort
 * @param {number} options.firstPort
 * @param {string} options.token
 * @param {(child: import('../../../embedded/processes/child-process.mjs').Child) => void} options.onChild
 * @returns {Promise<{ kubeconfig: string }>} an administrator's
 */
export async function startControlPlane({ servers, folder, claimPort, firstPort, token, onChild }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const adminToken = randomBytes(16).toString('hex');
  const keys = writeKeys(folder);
  writeFileSync(path.join(folder, 'tokens.csv'), `${adminToken},admin,1,"system:masters"\n`, { mode: 0o600 });
  const [etcdPort, peerPort] = [await claimPort(firstPort), await claimPort(firstPort + 10)];
  const port = await claimPort(firstPort + 20);
  const server = `https://127.0.0.1:${port}`;

  /** @param {string} name @param {string[]} args */
  const start = async (name, args) => {
    const child = await startChild({
      name,
      command: path.join(servers, name),
      args,
      cwd: folder,
      // Nobody's own cluster is ever touched.
      env: { ...process.env, KUBECONFIG: undefined },
      logFile: path.join(folder, `${name}.log`),
      stopLadder: STOP_LADDER,
      token,
    });
    onChild(child);
    return child;
  };

  const etcd = await start('etcd', [
    '--unsafe-no-fsync',
    '--data-dir=etcd-data',
    '--log-level=warn',
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
  ]);
  const apiServer = await start('kube-apiserver', [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--cert-dir=${path.join(folder, 'certificates')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${path.join(folder, 'tokens.csv')}`,
    `--service-account-issuer=${server}/`,
    `--service-account-key-file=${keys.publicFile}`,
    `--service-account-signing-key-file=${keys.privateFile}`,
    // Else it would keep the addresses of API servers, of which there is one.
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ]);
  const ca = await readCertificate(path.join(folder, 'certificates', 'apiserver.crt'), [etcd, apiServer]);
  const cluster = { server, ca, token: adminToken };
  await waitUntil([etcd, apiServer], async () => (await callCluster(cluster, 'GET', '/readyz')).status === 200);

  const kubeconfig = path.join(folder, 'kubeconfig');
  writeKubeconfig(kubeconfig, cluster);
  const clients = [`--kubeconfig=${kubeconfig}`];
  const others = await Promise.all([
    start('kube-controller-manager', [
      ...clients,
      '--leader-elect=false',
      '--secure-port=0',
      `--controllers=${CONTROLLERS.join(',')}`,
      // The node sends no heartbeats; without this its pods would be called not ready after a minute.
      '--node-monitor-grace-period=24h',
    ]),
    start('kube-scheduler', [...clients, '--leader-elect=false', '--secure-port=0']),
    start('kwok', [
      ...clients,
      '--manage-all-nodes=true',
      '--node-ip=127.0.0.1',
      ...readdirSync(stagesFolder).map((name) => `--config=${path.join(stagesFolder, name)}`),
    ]),
  ]);
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } };
  await callCluster(cluster, 'POST', '/api/v1/nodes', node);
  await waitUntil([etcd, apiServer, ...others], async () => {
    const [{ body }, account] = await Promise.all([
      callCluster(cluster, 'GET', '/api/v1/nodes/node-1'),
      callCluster(cluster, 'GET', '/api/v1/namespaces/default/serviceaccounts/default'),
    ]);
    const isReady = body.status?.conditions?.some(
      (/** @type {any} */ condition) => condition.type === 'Ready' && condition.status === 'True',
    );
    return isReady && !body.spec?.taints?.length && account.status === 200;
  });

  return { kubeconfig };
}

/** Keys by which the API server signs and checks the tokens of service accounts. @param {string} folder */
function writeKeys(folder) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  const publicFile = path.join(folder, 'accounts.pub');
  const privateFile = path.join(folder, 'accounts.key');
  writeFileSync(publicFile, publicKey);
  writeFileSync(privateFile, privateKey, { mode: 0o600 });

  return { publicFile, privateFile };
}

/**
 * The API server signs its own certificate at its first start.
 * @param {string} file @param {import('../../../embedded/processes/child-process.mjs').Child[]} children
 */
async function readCertificate(file, children) {
  let certificate = '';
  await waitUntil(children, async () => {
    certificate = readFileSync(file, 'utf8');
    return certificate.includes('END CERTIFICATE');
  });

  return certificate;
}

/**
 * @param {import('../../../embedded/processes/child-process.mjs').Child[]} children one that ends ends the wait
 * @param {() => Promise<boolean>} condition
 */
async function waitUntil(children, condition) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await condition().catch(() => false))) {
    const gone = children.find((child) => child.exit() !== null);
    if (gone || Date.now() > deadline) {
      throw new Problem(`The Kubernetes control plane did not start${gone ? ` (${gone.name} ended)` : ''}.`, {
        detail: tailOf((gone ?? children[1] ?? children[0])?.printed() ?? ''),
      });
    }
    await delay(100);
  }
}
