import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { WantedService } from '../../../domain/deployments/deployment-target-types';
import { AppError } from '../../../domain/errors';

/** As a Service's name, which becomes one of the DNS. */
const dnsLabel = z
  .string()
  .regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, 'takes a letter, then lower-case letters, digits and inner hyphens');
/** A reference of an image: repository, then a tag or a digest, so that it is known what runs. */
const image = z
  .string()
  .max(500)
  .regex(
    /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
    'is not the name of an image, such as shop/bmms:1.4.0',
  );
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]{0,127}$/, 'is not the name of an environment variable');

/** Settings of the installation that manifests are rendered with. */
export const manifestSettings = z.strictObject({
  image,
  /** Before the names of the documents' five namespaces, such as `bmms-`. */
  namespacePrefix: z
    .string()
    .regex(/^([a-z0-9]([-a-z0-9]{0,40})-)?$/, 'takes lower-case letters and digits, then a hyphen'),
  temporalAddress: z.string().min(1).max(255),
  temporalNamespace: z.string().min(1).max(255),
  logLevel: z.string().min(1).max(20),
  /** A rollout without progress for this long has failed, in seconds. */
  progressDeadlineSeconds: z.int().min(1).max(3_600).default(120),
});
export type ManifestSettings = z.input<typeof manifestSettings>;

const wantedService = z.strictObject({
  service: dnsLabel,
  namespace: z.enum(['customer', 'product', 'order', 'finance', 'platform']),
  replicas: z.int().min(0).max(100),
  env: z.record(variable, z.string().max(4_000)),
});

/** What goes into the templates, each value by the helper `yaml` only. */
export interface ManifestValues {
  service: string;
  namespace: string;
  replicas: number;
  image: string;
  command: string[];
  configMap: string;
  data: { name: string; value: string }[];
  checksum: string;
  labels: { name: string; value: string }[];
  selector: { name: string; value: string }[];
  port: { name: string; number: number };
  serviceAccount: string;
  /** Only who applies manifests, or plans, gets a token of the cluster. */
  callsCluster: boolean;
  progressDeadlineSeconds: number;
}

/** Environment that the installation sets; a switch may not. */
export const ofInstallation: readonly string[] = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'WORKER_HEALTH_PORT',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'LOG_LEVEL',
  'DEPLOYMENT_TARGET',
  'NAMESPACE_PREFIX',
  'BMMS_IMAGE',
  'ROLLOUT_DEADLINE_SECONDS',
];

/** Who applies manifests; who plans only reads. They get a token of the cluster, and are told what manifests are made of. */
const accounts: Readonly<Record<string, string>> = {
  'k8s-generator': 'bmms-deployer',
  'llm-orchestrator': 'bmms-planner',
  'api-gateway': 'bmms-planner',
};

/** Name of the ConfigMap that holds a service's environment. */
export const configMapOf = (service: string): string => `${service}-environment`;

/** @throws AppError `manifest_invalid` that names the value at fault */
export function manifestValues(given: WantedService, settings: ManifestSettings): ManifestValues {
  const { service, namespace, replicas, env } = check(wantedService, given, `service ${JSON.stringify(given.service)}`);
  const installation = check(manifestSettings, settings, 'settings');
  const taken = Object.keys(env).find((name) => ofInstallation.includes(name));

  if (taken !== undefined) {
    throw new AppError('manifest_invalid', {
      detail: `${service}: ${taken} is set by the installation.`,
      field: taken,
    });
  }
  const account = accounts[service];
  const isApi = service === 'api-gateway';
  const port = isApi ? { name: 'http', number: 3000 } : { name: 'operations', number: 3100 };
  const data = Object.entries({
    NODE_ENV: 'production',
    HOST: '0.0.0.0',
    [isApi ? 'PORT' : 'WORKER_HEALTH_PORT']: String(port.number),
    TEMPORAL_ADDRESS: installation.temporalAddress,
    TEMPORAL_NAMESPACE: installation.temporalNamespace,
    LOG_LEVEL: installation.logLevel,
    DEPLOYMENT_TARGET: 'kubernetes',
    ...(account === undefined ? {} : deploymentVariables(installation)),
    ...env,
  })
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const selector = [
    { name: 'app.kubernetes.io/name', value: service },
    { name: 'app.kubernetes.io/part-of', value: 'bmms' },
  ];

  return {
    service,
    namespace: `${installation.namespacePrefix}${namespace}`,
    replicas,
    image: installation.image,
    command: ['node', 'dist/cli/bmms.js', ...(isApi ? ['api'] : ['worker', service])],
    configMap: configMapOf(service),
    data,
    checksum: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
    selector,
    labels: [...selector, { name: 'app.kubernetes.io/managed-by', value: 'bmms' }],
    port,
    serviceAccount: account ?? 'default',
    callsCluster: account !== undefined,
    progressDeadlineSeconds: installation.progressDeadlineSeconds,
  };
}

function deploymentVariables(installation: z.output<typeof manifestSettings>): Record<string, string> {
  const { namespacePrefix, image: name, progressDeadlineSeconds } = installation;

  return {
    NAMESPACE_PREFIX: namespacePrefix === '' ? '-' : namespacePrefix,
    BMMS_IMAGE: name,
    ROLLOUT_DEADLINE_SECONDS: String(progressDeadlineSeconds),
  };
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value);

  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('manifest_invalid', {
      detail: `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`,
      ...(issue === undefined ? {} : { field: issue.path.join('.') }),
    });
  }

  return parsed.data;
}
