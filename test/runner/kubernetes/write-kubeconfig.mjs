import { writeFileWhole } from '../../../embedded/bootstrap/write-file-whole.mjs';

/** @param {string} file @param {import('./call-cluster.mjs').Cluster} cluster as JSON, which is YAML */
export function writeKubeconfig(file, { server, ca, token }) {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'bmms-test',
        cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'bmms-test', context: { cluster: 'bmms-test', user: 'admin' } }],
    'current-context': 'bmms-test',
  };
  writeFileWhole(file, `${JSON.stringify(config, null, 2)}\n`, 0o600);
}
