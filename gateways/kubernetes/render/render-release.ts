import { createHash } from 'node:crypto';

import type {
  ObjectReference,
  Release,
  ReleaseObject,
  WantedService,
} from '../../../domain/deployments/deployment-target-types';
import { appliedKinds } from '../object-path';
import { checkManifestSchema } from './check-manifest-schema';
import { type ManifestSettings, type ManifestValues, manifestValues } from './manifest-values';
import { parseManifest } from './parse-manifest';
import { renderTemplate, type TemplateName } from './render-template';

const kinds: Record<TemplateName, (typeof appliedKinds)[number]['kind']> = {
  configmap: 'ConfigMap',
  service: 'Service',
  pdb: 'PodDisruptionBudget',
  deployment: 'Deployment',
};

/**
 * The manifests of the wanted services: rendered, read back, and compared with the API's schema. In the order of
 * applying: what others refer to first, Deployments last.
 * @throws AppError `manifest_invalid`
 */
export async function renderRelease(wanted: readonly WantedService[], settings: ManifestSettings): Promise<Release> {
  const services = [...wanted].sort((a, b) => (a.service < b.service ? -1 : 1)).map(copyOf);
  const objects = services.flatMap((service) => renderService(service, settings));

  for (const { manifest } of objects) {
    await checkManifestSchema(manifest);
  }
  const order = appliedKinds.map(({ kind }) => kind as string);
  objects.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));

  return {
    digest: createHash('sha256')
      .update(JSON.stringify(objects.map(({ manifest }) => manifest)))
      .digest('hex'),
    services,
    objects,
  };
}

function renderService(service: WantedService, settings: ManifestSettings): ReleaseObject[] {
  const values = manifestValues(service, settings);

  return (Object.keys(kinds) as TemplateName[]).map((template) => {
    const reference = referenceOf(template, values);
    const text = renderTemplate(template, values);

    return { ...reference, service: values.service, text, manifest: parseManifest(text, reference) };
  });
}

function referenceOf(template: TemplateName, values: ManifestValues): ObjectReference {
  const kind = kinds[template];

  return {
    apiVersion: appliedKinds.find((one) => one.kind === kind)?.apiVersion ?? 'v1',
    kind,
    namespace: values.namespace,
    name: template === 'configmap' ? values.configMap : values.service,
  };
}

/** Only what counts, with sorted variables, so that equal services give the same digest. */
function copyOf({ service, namespace, replicas, env }: WantedService): WantedService {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));

  return { service, namespace, replicas, env: Object.fromEntries(sorted) };
}
