import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import { AppError } from '../domain/errors';
import type { Config } from '../platform/config';
import { type ClusterPlace, openCluster } from './kubernetes/cluster-connection';
import { createKubernetesTarget } from './kubernetes/create-kubernetes-target';
import { podSettings } from './kubernetes/render/configured-settings';

/** @throws AppError `target_unknown` when the configuration names no cluster; `manifest_invalid` */
export async function openClusterTarget(config: Config): Promise<DeploymentTarget> {
  const settings = podSettings(config);

  return createKubernetesTarget({ cluster: await openCluster(clusterPlace(config)), settings });
}

/** A cluster that was named; else the one that we run in; never one that happens to stand in a home folder (D31). */
function clusterPlace(config: Config): ClusterPlace {
  if (config.KUBECONFIG !== undefined) {
    return { kubeconfig: config.KUBECONFIG, context: config.KUBERNETES_CONTEXT ?? null };
  }
  if (config.KUBERNETES_SERVICE_HOST === undefined) {
    throw new AppError('target_unknown', {
      field: 'KUBECONFIG',
      detail: 'No cluster is named: set KUBECONFIG (and KUBERNETES_CONTEXT).',
    });
  }

  return { kubeconfig: null, context: null };
}
