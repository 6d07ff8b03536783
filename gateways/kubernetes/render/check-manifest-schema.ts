import type { JsonValue } from '../../../domain/deployments/deployment-target-types';
import { AppError } from '../../../domain/errors';

type Attribute = { baseName: string; type: string };
type Model = { getAttributeTypeMap(): Attribute[] };

const modelsOfKinds: Record<string, string> = {
  'v1 ConfigMap': 'V1ConfigMap',
  'v1 Service': 'V1Service',
  'policy/v1 PodDisruptionBudget': 'V1PodDisruptionBudget',
  'apps/v1 Deployment': 'V1Deployment',
};

/** Hundreds of models, and some seconds of a busy machine: whoever renders inside a transaction has loaded them before. */
export async function loadManifestSchema(): Promise<Record<string, Model>> {
  return (await import('@kubernetes/client-node')) as unknown as Record<string, Model>;
}

/**
 * Compares an object with the schema of the Kubernetes API, as the client's models have it: every field is known, every
 * value of its type. What is required, and what values may be, the API server says at the dry run.
 * @throws AppError `manifest_invalid` that names the field
 */
export async function checkManifestSchema(manifest: Record<string, JsonValue>): Promise<void> {
  const models = await loadManifestSchema();
  const kind = `${String(manifest['apiVersion'])} ${String(manifest['kind'])}`;
  const model = modelsOfKinds[kind];

  if (model === undefined) {
    throw new AppError('manifest_invalid', { detail: `${kind} is none of the kinds that are applied.` });
  }
  check(manifest, model, '', models);
}

function check(value: JsonValue, type: string, field: string, models: Record<string, Model>): void {
  const element = /^Array<(.*)>$/.exec(type)?.[1];
  const member = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];

  if (element !== undefined) {
    requireThat(Array.isArray(value), field, 'must be a list');
    (value as JsonValue[]).forEach((one, index) => check(one, element, `${field}[${index}]`, models));
  } else if (member !== undefined) {
    Object.entries(members(value, field)).forEach(([name, one]) => check(one, member, join(field, name), models));
  } else if (type === 'IntOrString') {
    requireThat(typeof value === 'string' || Number.isInteger(value), field, 'must be a whole number or text');
  } else if (type === 'string' || type === 'number' || type === 'boolean') {
    requireThat(typeof value === type, field, `must be a ${type}`);
  } else {
    checkModel(value, type, field, models);
  }
}

function checkModel(value: JsonValue, type: string, field: string, models: Record<string, Model>): void {
  const attributes = models[type]?.getAttributeTypeMap?.();
  requireThat(attributes !== undefined, field, `is of the type ${type}, which none of our manifests has`);

  for (const [name, one] of Object.entries(members(value, field))) {
    const attribute = attributes?.find(({ baseName }) => baseName === name);
    requireThat(attribute !== undefined, join(field, name), 'is no field of the API');
    check(one, attribute?.type ?? '', join(field, name), models);
  }
}

function members(value: JsonValue, field: string): Record<string, JsonValue> {
  requireThat(value !== null && typeof value === 'object' && !Array.isArray(value), field, 'must be an object');

  return value as Record<string, JsonValue>;
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function requireThat(isSo: boolean, field: string, why: string): void {
  if (!isSo) {
    throw new AppError('manifest_invalid', { detail: `${field || 'The manifest'} ${why}.`, field });
  }
}
