import { stringify } from 'yaml';

import type { JsonObject } from '../../../domain/deployments/deployment-target-types';
import type { ManifestSettings } from '../render/manifest-values';
import { clusterIdRule, deployerRules, plannerRules, platformRules } from './deployer-role';

const domains = ['customer', 'product', 'order', 'finance', 'platform'];
const labels = { 'app.kubernetes.io/part-of': 'bmms' };
export const deployerAccount = 'bmms-deployer';
export const plannerAccount = 'bmms-planner';

/**
 * What an administrator applies once, before anything is deployed (D31): namespaces, the accounts that deploy and plan with
 * their Roles, and the Job that migrates the database, in a namespace of its own, so that the password of the database's owner
 * reaches no other pod. Secrets are made by the administrator and never read by us.
 */
export function bootstrapObjects(settings: ManifestSettings): JsonObject[] {
  const name = (domain: string) => `${settings.namespacePrefix}${domain}`;
  const platform = name('platform');

  return [
    ...[...domains, 'migration'].map((domain) => namespaceOf(name(domain))),
    ...[deployerAccount, plannerAccount].map((account) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: account, namespace: platform, labels },
    })),
    ...domains.flatMap((domain) => rolesIn(name(domain), platform)),
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

function rolesIn(namespace: string, platform: string): JsonObject[] {
  const isPlatform = namespace === platform;

  return [
    ...roleOf(deployerAccount, [...deployerRules, ...(isPlatform ? platformRules(platform) : [])], namespace, platform),
    ...roleOf(plannerAccount, [...plannerRules, ...(isPlatform ? [clusterIdRule(platform)] : [])], namespace, platform),
  ];
}

/** A Role with its binding to an account of the platform namespace, both of the account's name. */
function roleOf(name: string, rules: JsonObject[], namespace: string, platform: string): JsonObject[] {
  const metadata = { name, namespace, labels };

  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: platform }],
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
