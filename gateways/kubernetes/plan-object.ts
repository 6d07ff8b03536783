import type { JsonObject, ObjectChange, ReleaseObject } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { ClusterConnection } from './cluster-connection';
import { nameOf } from './cluster-failure';
import { differingFields } from './compare-objects';
import { leaveReplicas } from './leave-replicas';
import { extractFields, fieldsAppliedBy, mergeFields } from './managed-fields-rules';
import { applyObject, fieldManager, type LiveObject, readObject } from './object-store';

export interface PlannedObject {
  change: ObjectChange;
  /** What to apply to have it again as it stands now; null: nothing stands there. */
  before: JsonObject | null;
}

/**
 * What applying an object would do, by the server's own reckoning (a strict dry run), and how to undo it.
 * @throws AppError `target_conflict` for an object that somebody made before us
 */
export async function planObject(cluster: ClusterConnection, object: ReleaseObject): Promise<PlannedObject> {
  const live = await readObject(cluster, object);
  requireOurs(object, live);
  const { manifest, leftTo } = leaveReplicas(object.manifest, live);
  const wanted = { ...object, manifest };
  const politely = await applyObject(cluster, wanted, { isDryRun: true });
  const takenFrom = 'conflicts' in politely ? politely.conflicts : [];
  const answer =
    'conflicts' in politely ? await applyObject(cluster, wanted, { isDryRun: true, force: true }) : politely;

  if ('conflicts' in answer) {
    throw new AppError('target_conflict', { detail: `${nameOf(object)} cannot be taken over.` });
  }
  const fields = live === null ? [] : differingFields(live.content, answer.applied.content);
  const { apiVersion, kind, namespace, name, service } = object;
  const kindOfChange = live === null ? 'create' : fields.length === 0 ? 'unchanged' : 'update';

  return {
    change: { apiVersion, kind, namespace, name, service, change: kindOfChange, fields, takenFrom, leftTo },
    before: live === null ? null : formerFields(object, live, answer.applied),
  };
}

/** Ours is what carries our label, or holds fields that we have applied. */
export function isOurs(live: LiveObject): boolean {
  return (
    live.labels['app.kubernetes.io/managed-by'] === 'bmms' ||
    Object.keys(fieldsAppliedBy(fieldManager, live.managedFields)).length > 0
  );
}

export function requireOurs(object: ReleaseObject, live: LiveObject | null): void {
  if (live !== null && !isOurs(live)) {
    const makers = [...new Set(live.managedFields.map(({ manager }) => manager ?? 'unknown'))];
    throw new AppError('target_conflict', {
      detail:
        `${nameOf(object)} stands there already and is not ours (fields of it belong to ${makers.join(', ')}). ` +
        'Delete it, or hand it over by the label app.kubernetes.io/managed-by=bmms.',
      params: { object: `${object.namespace}/${object.name}`, kind: object.kind, managers: makers },
    });
  }
}

/** Values of today, at every field that is ours or would become it: what others hold of these comes back too. */
function formerFields(object: ReleaseObject, live: LiveObject, would: LiveObject): JsonObject {
  const fields = mergeFields(
    fieldsAppliedBy(fieldManager, live.managedFields),
    fieldsAppliedBy(fieldManager, would.managedFields),
  );
  const content = (extractFields(live.content, fields) ?? {}) as JsonObject;
  const metadata = (content['metadata'] ?? {}) as JsonObject;
  const { apiVersion, kind, namespace, name } = object;

  return { ...content, apiVersion, kind, metadata: { ...metadata, namespace, name } };
}
