import type { JsonObject } from '../../../domain/deployments/deployment-target-types';

const verbs = ['get', 'list', 'create', 'patch', 'delete'];

/** The least that applying, watching, restoring and pruning needs in one of our namespaces; secrets are not among it. */
export const deployerRules: JsonObject[] = [
  { apiGroups: [''], resources: ['configmaps', 'services'], verbs },
  { apiGroups: ['apps'], resources: ['deployments'], verbs },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs },
  // Why a rollout does not come about.
  { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
];

/** What planning needs: how services stand. It writes nothing. */
export const plannerRules: JsonObject[] = [
  { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
];

/** The uid of the platform namespace, by which the cluster is known again. */
export const clusterIdRule = (namespace: string): JsonObject => ({
  apiGroups: [''],
  resources: ['namespaces'],
  resourceNames: [namespace],
  verbs: ['get'],
});

/** And in the platform namespace: its uid, by which the cluster is known again, and our revisions, which are rewritten. */
export function platformRules(namespace: string): JsonObject[] {
  return [clusterIdRule(namespace), { apiGroups: [''], resources: ['configmaps'], verbs: ['update'] }];
}
