import { stringify } from 'yaml';

import type { JsonObject } from '../../../domain/deployments/deployment-target-types';
import type { ManifestSettings } from '../render/manifest-values';
import { deployerRules, platformRules } from './deployer-role';

const domains = ['customer', 'product', 'order', 'finance', 'platform'];
const labels = { 'app.kubernetes.io/part-of': 'bmms' };
export const deployerAccount = 'bmms-deployer';

/**
 * What an administrator applies once, before anything is deployed (D31): namespaces, the account that deploys with its
 * Roles, and the Job that migrates the database, in a namespace of its own, so that the password of the database's owner
 * reaches no other pod. Secrets are made by the administrator and never read by us.
 */
export function bootstrapObjects(settings: ManifestSettings): JsonObject[] {
  const name = (domain: string) => `${settings.namespacePrefix}${domain}`;
  const platform = name('platform');

  return [
    ...[...domains, 'migration'].map((domain) => namespaceOf(name(domain))),
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: deployerAccount, namespace: platform, labels },
    },
    ...domains.flatMap((domain) => roleOf(name(domain), platform)),
    migrationJob(name('migration'), settings.image),
  ];
}

/** The same as one YAML text, with how the secrets are made. */
export function renderBootstrap(settings: ManifestSettings): string {
  const name = (domain: string) => `${settings.namespacePrefix}${domain}`;
  const secret = (namespace: string, keys: string[]) =>
    `#   kubectl create secret generic bmms-runtime --namespace ${namespace} ${keys.map((key) => `--from-literal=${key}=…`).join(' ')}`;
  const runtime = ['DATABASE_URL', 'JWT_SECRET', 'VNPAY_HASH_SECRET'];
  const head = [
    '# What an administrator applies once: kubectl apply --server-side -f <this file>',
    '# First the namespaces, then the secrets, which bmms never reads:',
    ...domains.map((domain) => secret(name(domain), runtime)),
    secret(name('migration'), ['DATABASE_ADMIN_URL', 'DATABASE_APP_PASSWORD']),
    '# The Job migrates the database; delete and apply it again with every new image.',
  ];

  return `${head.join('\n')}\n${bootstrapObjects(settings)
    .map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`)
    .join('')}`;
}

function namespaceOf(name: string): JsonObject {
  // Our pods meet the strictest of the standard policies; nothing else shall run beside them.
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
}

function roleOf(namespace: string, platform: string): JsonObject[] {
  const rules = namespace === platform ? [...deployerRules, ...platformRules(platform)] : deployerRules;
  const metadata = { name: deployerAccount, namespace, labels };

  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: deployerAccount },
      subjects: [{ kind: 'ServiceAccount', name: deployerAccount, namespace: platform }],
    },
  ];
}

function migrationJob(namespace: string, image: string): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'bmms-migrate', namespace, labels },
    spec: {
      backoffLimit: 6,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels: { ...labels, 'app.kubernetes.io/name': 'bmms-migrate' } },
        spec: {
          restartPolicy: 'OnFailure',
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'migrate',
              image,
              command: ['node', 'dist/cli/bmms.js', 'migrate'],
              envFrom: [{ secretRef: { name: 'bmms-runtime' } }],
              resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            },
          ],
        },
      },
    },
  };
}
