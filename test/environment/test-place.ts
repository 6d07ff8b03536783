import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { parse } from 'yaml';

import type { DeploymentTarget } from '../../domain/deployments/deployment-target';
import type { JsonObject, WantedService } from '../../domain/deployments/deployment-target-types';
import { bootstrapObjects, deployerAccount } from '../../gateways/kubernetes/bootstrap/bootstrap-objects';
import { type ClusterConnection, openCluster } from '../../gateways/kubernetes/cluster-connection';
import { createKubernetesTarget } from '../../gateways/kubernetes/create-kubernetes-target';
import type { ManifestSettings } from '../../gateways/kubernetes/render/manifest-values';
import { services } from '../../workers/services';

/** An installation's namespaces in the test cluster, prepared as an administrator does, with nothing deployed yet. */
export interface TestPlace {
  prefix: string;
  /** May do everything. */
  admin: ClusterConnection;
  /** As a service account of the product, with the product's own Roles; the server may be a proxy in front of it. */
  connect(server?: string, account?: string): Promise<ClusterConnection>;
  /** Waits until the product's account may write what is deployed to a domain, or may no more: a cluster hears of rights late. */
  untilMayDeploy(domain: string, isAllowed?: boolean): Promise<void>;
  /** A file that leads there as that account. */
  writeKubeconfig(server?: string): string;
  settings(changes?: Partial<ManifestSettings>): ManifestSettings;
  target(changes?: Partial<ManifestSettings>, connection?: ClusterConnection): Promise<DeploymentTarget>;
  clear(): Promise<void>;
}

const domains = ['customer', 'product', 'order', 'finance', 'platform'];

export async function prepareTestPlace(): Promise<TestPlace> {
  const kubeconfig = process.env['BMMS_TEST_KUBECONFIG'];

  if (kubeconfig === undefined || kubeconfig === '') {
    throw new Error('No test cluster: node test/run.mjs --serve-kubernetes, and set BMMS_TEST_KUBECONFIG.');
  }
  const prefix = `t${randomBytes(4).toString('hex')}-`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bmms-test-place-'));
  const admin = await openCluster({ kubeconfig, context: null });
  const settings = (changes: Partial<ManifestSettings> = {}): ManifestSettings => ({
    image: 'shop/bmms:1.0.0',
    namespacePrefix: prefix,
    temporalAddress: 'temporal:7233',
    temporalNamespace: 'default',
    logLevel: 'info',
    progressDeadlineSeconds: 60,
    ...changes,
  });

  for (const object of bootstrapObjects(settings())) {
    await applyAsAdmin(admin, object);
  }
  const token = await requestToken(admin, `${prefix}platform`, deployerAccount);
  const writeConfig = (server: string, secret: string): string => {
    const file = path.join(folder, `kubeconfig-${randomBytes(4).toString('hex')}`);
    writeFileSync(file, JSON.stringify(accountConfig(kubeconfig, server, secret)), { mode: 0o600 });

    return file;
  };
  const writeKubeconfig = (server = admin.server): string => writeConfig(server, token);
  const openAs = (secret: string, server = admin.server) =>
    openCluster({ kubeconfig: writeConfig(server, secret), context: null });
  const deployer = await openAs(token);
  const untilMayDeploy = (domain: string, isAllowed = true) =>
    untilMay(deployer, { verb: 'patch', namespace: `${prefix}${domain}` }, isAllowed);
  const connect = async (server = admin.server, account = deployerAccount): Promise<ClusterConnection> => {
    if (account === deployerAccount) {
      return openAs(token, server);
    }
    const secret = await requestToken(admin, `${prefix}platform`, account);
    const direct = await openAs(secret);

    for (const domain of domains) {
      await untilMay(direct, { verb: 'get', namespace: `${prefix}${domain}` }, true);
    }

    return openAs(secret, server);
  };

  for (const domain of domains) {
    await untilMayDeploy(domain);
  }

  return {
    prefix,
    admin,
    connect,
    untilMayDeploy,
    writeKubeconfig,
    settings,
    target: async (changes = {}, connection) =>
      createKubernetesTarget({ cluster: connection ?? (await connect()), settings: settings(changes) }),
    async clear() {
      rmSync(folder, { recursive: true, force: true });

      for (const object of bootstrapObjects(settings()).filter(({ kind }) => kind === 'Namespace')) {
        const { name } = object['metadata'] as { name: string };
        await admin.send({ method: 'DELETE', path: `/api/v1/namespaces/${name}` });
      }
    },
  };
}

/** A service of the registry as a switch would want it. */
export function wanted(service: string, changes: Partial<WantedService> = {}): WantedService {
  const { namespace } = services.find(({ name }) => name === service) ?? { namespace: 'order' as const };

  return { service, namespace, replicas: 1, env: {}, ...changes };
}

const plurals: Record<string, string> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Job: 'jobs',
  ResourceQuota: 'resourcequotas',
  Service: 'services',
  Deployment: 'deployments',
  ConfigMap: 'configmaps',
};

/** Server-side apply of any object, as somebody else than the product. */
export async function applyAsAdmin(
  admin: ClusterConnection,
  object: JsonObject,
  { manager = 'administrator', force = false, path: below = '' } = {},
): Promise<JsonObject> {
  const { apiVersion, kind, metadata } = object as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
  };
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const answer = await admin.send({
    method: 'PATCH',
    path: `${root}${place}/${plurals[kind]}/${metadata.name}${below}`,
    query: { fieldManager: manager, fieldValidation: 'Strict', ...(force ? { force: 'true' } : {}) },
    body: object,
    contentType: 'application/apply-patch+yaml',
  });

  if (answer.status >= 400) {
    throw new Error(`${kind} ${metadata.name}: ${JSON.stringify(answer.body)}`);
  }

  return answer.body;
}

/** Asks again until an account may do something with Deployments, or may no more. */
async function untilMay(
  account: ClusterConnection,
  what: { verb: string; namespace: string },
  isAllowed: boolean,
): Promise<void> {
  for (;;) {
    const { body } = await account.send({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { ...what, group: 'apps', resource: 'deployments' } },
      },
    });
    const { allowed } = body['status'] as { allowed: boolean };

    if (allowed === isAllowed) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function requestToken(admin: ClusterConnection, namespace: string, account: string): Promise<string> {
  const answer = await admin.send({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3_600 } },
  });
  const { token } = answer.body['status'] as { token: string };

  return token;
}

/** That of the test cluster, for the product's account. */
function accountConfig(kubeconfig: string, server: string, token: string): JsonObject {
  const { clusters } = parse(readFileSync(kubeconfig, 'utf8')) as { clusters: { cluster: JsonObject }[] };

  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'place', cluster: { ...clusters[0]?.cluster, server } }],
    users: [{ name: 'deployer', user: { token } }],
    contexts: [{ name: 'place', context: { cluster: 'place', user: 'deployer' } }],
    'current-context': 'place',
  };
}
