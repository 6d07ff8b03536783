import type { JsonObject } from '../../domain/deployments/deployment-target-types';
import { endProcesses } from '../environment/child-process';
import { startOutageProxy } from '../environment/outage-proxy';
import { readLive } from '../environment/read-live';
import { prepareTestPlace } from '../environment/test-place';
import { openSwitchWorld, until } from '../end-to-end/model/switch-world';
import { services, workerServices } from '../../workers/services';

export type ClusterWorld = Awaited<ReturnType<typeof openClusterWorld>>;

/**
 * An installation that deploys to the test cluster, through a proxy that can lose it. Its nodes are simulated, so pods are
 * good when they are ready, unless SMOKE_CHECK=answer is given; the workflows run in a worker host beside it, which answers
 * for the pods then.
 */
export async function openClusterWorld(env: Record<string, string> = {}) {
  const place = await prepareTestPlace();
  const { hostname, port } = new URL(place.admin.server);
  const proxy = await startOutageProxy({ host: hostname, port: Number(port) });
  const world = await openSwitchWorld({
    DEPLOYMENT_TARGET: 'kubernetes',
    KUBECONFIG: place.writeKubeconfig(`https://${proxy.address}`),
    NAMESPACE_PREFIX: place.prefix,
    ROLLOUT_DEADLINE_SECONDS: '60',
    SMOKE_CHECK: 'readiness',
    ...env,
  });
  const [api = 0, firstHost = 0, ...others] = world.system.description.pids;
  let host = firstHost;
  const live = (kind: 'Deployment' | 'ConfigMap' | 'Service', service: string) => {
    const { namespace } = services.find(({ name }) => name === service) ?? { namespace: 'order' };

    return readLive(place, kind, namespace, kind === 'ConfigMap' ? `${service}-environment` : service);
  };

  return {
    ...world,
    place,
    proxy,
    live,
    /** Replicas that a service should have, and has available; null: there is no Deployment. */
    async replicasOf(service: string): Promise<{ wanted: number; available: number; image: string } | null> {
      const { isThere, content } = await live('Deployment', service);
      const spec = content['spec'] as { replicas: number; template: { spec: { containers: { image: string }[] } } };
      const status = (content['status'] ?? {}) as { availableReplicas?: number };
      const image = spec?.template.spec.containers[0]?.image ?? '';

      return isThere ? { wanted: spec.replicas, available: status.availableReplicas ?? 0, image } : null;
    },
    async environmentOf(service: string): Promise<Record<string, string>> {
      return ((await live('ConfigMap', service)).content['data'] ?? {}) as Record<string, string>;
    },
    async killHost(): Promise<void> {
      process.kill(host, 'SIGKILL');
      await until('the worker host is gone', async () => {
        try {
          process.kill(host, 0);

          return false;
        } catch {
          return true;
        }
      });
    },
    /** @param without a service that it does not run */
    async startHost(without?: string): Promise<void> {
      const names = workerServices.map(({ name }) => name).filter((name) => name !== without);
      host = (await world.system.start('worker', 'worker', ...names)).pid;
    },
    async close(): Promise<void> {
      await world.temporal.close();
      await endProcesses([api, host, ...others]);
      await world.system.testDatabase.drop();
      await proxy.close();
      await place.clear();
    },
  };
}

/** Who has applied, by the records in the cluster: key and state, the newest first. */
export async function revisionsOf({ place }: Pick<ClusterWorld, 'place'>): Promise<{ key: string; state: string }[]> {
  const { body } = await place.admin.send({
    method: 'GET',
    path: `/api/v1/namespaces/${place.prefix}platform/configmaps`,
    query: { labelSelector: 'bmms.dev/revision-state' },
  });
  const items = body['items'] as unknown as {
    metadata: { name: string; labels: JsonObject; annotations: JsonObject };
  }[];

  return items
    .map(({ metadata }) => ({
      number: Number(metadata.name.replace('bmms-revision-', '')),
      key: String(metadata.annotations['bmms.dev/revision-key']),
      state: String(metadata.labels['bmms.dev/revision-state']),
    }))
    .sort((a, b) => b.number - a.number)
    .map(({ key, state }) => ({ key, state }));
}
