import type { AppliedObject, AppliedRevision, JsonObject } from '../../domain/deployments/deployment-target-types';
import { applyInOrder } from './apply-release';
import type { ClusterConnection } from './cluster-connection';
import type { KubernetesParts } from './kubernetes-parts';
import { mapLimited } from './map-limited';
import { deleteObject, readObject } from './object-store';
import { isOurs } from './plan-object';
import type { FormerObject } from './revision-record';
import { RevisionRecords } from './revision-records';

/**
 * Puts back what stood there before a revision: former objects are applied as they were, what the revision created is
 * deleted. May be begun again after a crash; a revision that was put back already is only looked at, and one that was
 * confirmed is nobody's to put back: later ones stand on it. A key that was put back applies no more, but where it may try
 * again.
 */
export async function restoreRevision(
  parts: KubernetesParts,
  key: string,
  reason: string,
  { mayTryAgain = false }: { mayTryAgain?: boolean } = {},
): Promise<AppliedRevision | null> {
  const records = new RevisionRecords(parts);
  const record = await records.find(key);

  if (record === null || record.state === 'deployed' || record.state === 'superseded') {
    return null;
  }
  const before = record.before ?? [];
  const former = before.filter((object): object is FormerObject & { manifest: JsonObject } => object.manifest !== null);

  if (record.state === 'failed') {
    await (record.mayTryAgain === mayTryAgain ? null : records.update(record, { reason, mayTryAgain }));

    return { revision: record.revision, key, objects: await lookAt(parts.cluster, former) };
  }
  const objects = await applyInOrder(parts.cluster, former);
  // The last kind first: a Deployment goes before what it refers to.
  for (const created of before.filter(({ manifest }) => manifest === null).reverse()) {
    const live = await readObject(parts.cluster, created);

    if (live !== null && isOurs(live)) {
      await deleteObject(parts.cluster, created, live.uid);
    }
  }
  await records.update(record, { state: 'failed', reason, mayTryAgain });

  return record.before === null ? null : { revision: record.revision, key, objects };
}

async function lookAt(cluster: ClusterConnection, objects: readonly FormerObject[]): Promise<AppliedObject[]> {
  const found = await mapLimited(objects, 4, async ({ manifest: _manifest, ...object }) => {
    const live = await readObject(cluster, object);

    return live === null ? [] : [{ ...object, uid: live.uid, generation: live.generation }];
  });

  return found.flat();
}
