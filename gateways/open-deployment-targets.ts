import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import { AppError } from '../domain/errors';
import type { Config } from '../platform/config';
import { createDirectoryTarget } from './directory/create-directory-target';
import type { ClusterPlace } from './kubernetes/cluster-connection';
import { openCluster } from './kubernetes/cluster-connection';
import { createKubernetesTarget } from './kubernetes/create-kubernetes-target';
import type { ManifestSettings } from './kubernetes/render/manifest-values';
import { renderRelease } from './kubernetes/render/render-release';

/** Targets outside this system that the configuration names. */
export function configuredTargets(config: Config): ('kubernetes' | 'directory')[] {
  return [
    ...(clusterPlace(config) === null ? [] : (['kubernetes'] as const)),
    ...(config.EXPORT_FOLDER === undefined ? [] : (['directory'] as const)),
  ];
}

/** @throws AppError `target_unknown` when the configuration does not name it */
export async function openDeploymentTarget(
  kind: 'kubernetes' | 'directory',
  config: Config,
): Promise<DeploymentTarget> {
  const settings = manifestSettingsOf(config);

  if (kind === 'directory') {
    if (config.EXPORT_FOLDER === undefined) {
      throw new AppError('target_unknown', { detail: 'No folder is named for exports: set EXPORT_FOLDER.' });
    }

    return createDirectoryTarget({
      folder: config.EXPORT_FOLDER,
      render: (wanted) => renderRelease(wanted, settings),
    });
  }
  const place = clusterPlace(config);

  if (place === null) {
    throw new AppError('target_unknown', { detail: 'No cluster is named: set KUBECONFIG (and KUBERNETES_CONTEXT).' });
  }

  return createKubernetesTarget({ cluster: await openCluster(place), settings });
}

/** @throws AppError `target_unknown` without BMMS_IMAGE */
export function manifestSettingsOf(config: Config): ManifestSettings {
  if (config.BMMS_IMAGE === undefined) {
    throw new AppError('target_unknown', { detail: 'No image is named for the services: set BMMS_IMAGE.' });
  }

  return {
    image: config.BMMS_IMAGE,
    namespacePrefix: config.NAMESPACE_PREFIX,
    temporalAddress: config.TEMPORAL_ADDRESS,
    temporalNamespace: config.TEMPORAL_NAMESPACE,
    logLevel: config.LOG_LEVEL,
    progressDeadlineSeconds: config.ROLLOUT_DEADLINE_SECONDS,
  };
}

/** A cluster that was named; one that we run in; never one that happens to stand in a home folder. */
function clusterPlace(config: Config): ClusterPlace | null {
  if (config.KUBECONFIG !== undefined) {
    return { kubeconfig: config.KUBECONFIG, context: config.KUBERNETES_CONTEXT ?? null };
  }

  return config.KUBERNETES_SERVICE_HOST === undefined ? null : { kubeconfig: null, context: null };
}
