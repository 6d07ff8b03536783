import type {
  JsonObject,
  ObjectReference,
  TargetStanding,
  WantedService,
} from '../../domain/deployments/deployment-target-types';
import type { KubernetesParts } from './kubernetes-parts';
import { otherOwners } from './managed-fields-rules';
import { mapLimited } from './map-limited';
import { fieldManager, type LiveObject, readObject } from './object-store';
import { configMapOf, ofInstallation } from './render/manifest-values';

const servicesAtOnce = 5;

/** How services stand in the cluster: what their Deployments and ConfigMaps say, whoever wrote them. */
export function readStandings(
  { cluster, settings }: KubernetesParts,
  services: readonly Pick<WantedService, 'service' | 'namespace'>[],
): Promise<TargetStanding[]> {
  return mapLimited(services, servicesAtOnce, async ({ service, namespace: domain }) => {
    const namespace = `${settings.namespacePrefix}${domain}`;
    const deployment: ObjectReference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: service };
    const configMap: ObjectReference = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: configMapOf(service) };
    const [found, environment] = await Promise.all([readObject(cluster, deployment), readObject(cluster, configMap)]);

    return found === null
      ? { service, state: 'missing', replicas: 0, env: {} }
      : { service, ...replicasOf(found), env: environmentOf(environment) };
  });
}

/** A number that an autoscaler sets moves by itself and is left to it: of ours is only that the service runs. */
function replicasOf(deployment: LiveObject): Pick<TargetStanding, 'state' | 'replicas'> {
  const wanted = (deployment.content['spec'] as JsonObject)['replicas'];
  const replicas = typeof wanted === 'number' ? wanted : 1;
  const isOthers = otherOwners(['spec', 'replicas'], fieldManager, deployment.managedFields).length > 0;

  return replicas === 0 ? { state: 'stopped', replicas: 0 } : { state: 'running', replicas: isOthers ? 1 : replicas };
}

function environmentOf(configMap: LiveObject | null): Record<string, string> {
  const data = (configMap?.content['data'] ?? {}) as Record<string, string>;

  return Object.fromEntries(Object.entries(data).filter(([name]) => !ofInstallation.includes(name)));
}
