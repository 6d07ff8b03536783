import { AppError } from '../../../domain/errors';
import type { Config } from '../../../platform/config';
import { manifestSettings, type ManifestSettings } from './manifest-values';

const variables: Record<keyof ManifestSettings, string> = {
  image: 'BMMS_IMAGE',
  namespacePrefix: 'NAMESPACE_PREFIX',
  temporalAddress: 'TEMPORAL_ADDRESS',
  temporalNamespace: 'TEMPORAL_NAMESPACE',
  logLevel: 'LOG_LEVEL',
  progressDeadlineSeconds: 'ROLLOUT_DEADLINE_SECONDS',
};

/** @throws AppError `manifest_invalid` that names the variable at fault */
export function configuredSettings(config: Config): ManifestSettings {
  if (config.BMMS_IMAGE === undefined) {
    throw invalid('image', 'names the image of the services, such as shop/bmms:1.4.0; it is not set');
  }
  const parsed = manifestSettings.safeParse({
    image: config.BMMS_IMAGE,
    namespacePrefix: config.NAMESPACE_PREFIX,
    temporalAddress: config.POD_TEMPORAL_ADDRESS ?? config.TEMPORAL_ADDRESS,
    temporalNamespace: config.TEMPORAL_NAMESPACE,
    logLevel: config.LOG_LEVEL,
    progressDeadlineSeconds: config.ROLLOUT_DEADLINE_SECONDS,
  });

  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(issue?.path[0] as keyof ManifestSettings, issue?.message ?? 'is not valid');
  }

  return parsed.data;
}

/** The same, for what runs in pods. @throws AppError `manifest_invalid` also when they could not reach Temporal */
export function podSettings(config: Config): ManifestSettings {
  const settings = configuredSettings(config);

  if (/^(localhost|127\.[\d.]+|\[?::1\]?)(:\d+)?$/i.test(settings.temporalAddress)) {
    throw invalid('temporalAddress', `is ${settings.temporalAddress}, which in a pod is the pod itself`);
  }

  return settings;
}

function invalid(name: keyof ManifestSettings, says: string): AppError {
  return new AppError('manifest_invalid', { field: variables[name], detail: `${variables[name]} ${says}.` });
}
