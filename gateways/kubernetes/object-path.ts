import type { ObjectReference } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';

/** The kinds that are ever applied, in the order of applying: what others refer to comes first. */
export const appliedKinds = [
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' },
  { apiVersion: 'v1', kind: 'Service', plural: 'services' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets' },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
] as const;

/** Where an object stands in the API. @throws AppError for a kind that is none of ours */
export function objectPath({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const known = appliedKinds.find((one) => one.kind === kind && one.apiVersion === apiVersion);

  if (known === undefined) {
    throw new AppError('manifest_invalid', { detail: `${apiVersion} ${kind} is none of the kinds that are applied.` });
  }

  return `${collectionPath(apiVersion, known.plural, namespace)}/${encodeURIComponent(name)}`;
}

export function collectionPath(apiVersion: string, plural: string, namespace: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}
