import type { ClusterConnection } from './cluster-connection';
import type { ManifestSettings } from './render/manifest-values';

/** What all operations on a cluster are given. */
export interface KubernetesParts {
  cluster: ClusterConnection;
  settings: ManifestSettings;
}

/** The namespace in which we keep our own records. */
export function platformNamespace(settings: ManifestSettings): string {
  return `${settings.namespacePrefix}platform`;
}
