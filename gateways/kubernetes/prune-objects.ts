import type { ObjectChange, ObjectReference, Release } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { KubernetesParts } from './kubernetes-parts';
import { deleteObject, readObject } from './object-store';
import { isOurs } from './plan-object';
import { RevisionRecords } from './revision-records';

/** Deletes what our inventory lists and the release does not; never what only carries our labels. */
export async function pruneObjects(
  parts: KubernetesParts,
  keep: Release,
  { isDryRun = false }: { isDryRun?: boolean } = {},
): Promise<ObjectChange[]> {
  if (keep.objects.length === 0) {
    throw new AppError('target_refused', {
      detail: 'Everything would be deleted. Delete the namespaces by hand for that.',
    });
  }
  const records = new RevisionRecords(parts);
  const latest = await records.latest();

  if (latest === null) {
    return [];
  }
  const kept = new Set(keep.objects.map(idOf));
  const superfluous = latest.inventory.filter((object) => !kept.has(idOf(object))).reverse();
  const pruned: ObjectChange[] = [];

  for (const object of superfluous) {
    const live = await readObject(parts.cluster, object);

    if (live !== null && isOurs(live)) {
      if (!isDryRun) {
        await deleteObject(parts.cluster, object, live.uid);
      }
      const service = live.labels['app.kubernetes.io/name'] ?? object.name;
      pruned.push({ ...object, service, change: 'delete', fields: [], takenFrom: [], leftTo: [] });
    }
  }

  if (superfluous.length > 0 && !isDryRun) {
    await records.update(latest, { inventory: latest.inventory.filter((object) => kept.has(idOf(object))) });
  }

  return pruned;
}

function idOf({ kind, namespace, name }: ObjectReference): string {
  return `${kind} ${namespace}/${name}`;
}
