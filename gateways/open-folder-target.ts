import type { DeploymentTarget } from '../domain/deployments/deployment-target';
import { AppError } from '../domain/errors';
import type { Config } from '../platform/config';
import { createDirectoryTarget } from './directory/create-directory-target';
import { loadManifestSchema } from './kubernetes/render/check-manifest-schema';
import { podSettings } from './kubernetes/render/configured-settings';
import { renderRelease } from './kubernetes/render/render-release';

/** @throws AppError `target_unknown` when the configuration names no folder; `manifest_invalid` */
export async function openFolderTarget(config: Config): Promise<DeploymentTarget> {
  if (config.MANIFESTS_FOLDER === undefined) {
    throw new AppError('target_unknown', {
      field: 'MANIFESTS_FOLDER',
      detail: 'No folder is named that manifests are written to: set MANIFESTS_FOLDER.',
    });
  }
  const settings = podSettings(config);
  await loadManifestSchema();

  return createDirectoryTarget({
    folder: config.MANIFESTS_FOLDER,
    render: (services) => renderRelease(services, settings),
  });
}
