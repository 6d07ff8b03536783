import type { ApplyRequest } from '../../domain/deployments/deployment-target';
import type {
  AppliedObject,
  AppliedRevision,
  JsonObject,
  ObjectChange,
  Release,
  ReleaseObject,
} from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { ClusterConnection } from './cluster-connection';
import { ClusterUnavailable, nameOf } from './cluster-failure';
import { describeCluster, requireApproved } from './describe-cluster';
import type { KubernetesParts } from './kubernetes-parts';
import { leaveReplicas } from './leave-replicas';
import { mapLimited } from './map-limited';
import { appliedKinds } from './object-path';
import { applyObject, readObject } from './object-store';
import { type PlannedObject, planObject } from './plan-object';
import type { RevisionRecord } from './revision-record';
import { RevisionRecords } from './revision-records';

/** Requests under way at once: quick, and no burden for an API server. */
export const requestsAtOnce = 4;

/** @throws AppError when any of the objects would be refused */
export async function planRelease({ cluster }: KubernetesParts, release: Release): Promise<PlannedObject[]> {
  return mapLimited(release.objects, requestsAtOnce, (object) => planObject(cluster, object));
}

export async function dryRunRelease(parts: KubernetesParts, release: Release): Promise<ObjectChange[]> {
  return (await planRelease(parts, release)).map(({ change }) => change);
}

/**
 * Brings a release to the cluster, in an order in which a crash between any two steps can be taken up again under the
 * same key: claim the revision, note how everything stands, apply. What cannot be applied as a whole by the dry run is
 * not begun.
 */
export async function applyRelease(parts: KubernetesParts, request: ApplyRequest): Promise<AppliedRevision> {
  const { release, key, approved, only } = request;
  requireApproved(await describeCluster(parts), approved);
  const records = new RevisionRecords(parts);
  const claimed = await records.claim(key, release);
  requireSame(claimed, release);
  const record = claimed.before === null ? await noteFormer(parts, records, claimed) : claimed;
  const objects = release.objects.filter(({ service }) => only?.includes(service) ?? true);

  return {
    revision: record.revision,
    key,
    objects: await applyInOrder(parts.cluster, objects),
    changes: record.changes,
  };
}

/** Kind by kind, so that a Deployment finds what it refers to; those of a kind beside each other. */
export async function applyInOrder(
  cluster: ClusterConnection,
  objects: readonly (Omit<ReleaseObject, 'text'> & { manifest: JsonObject })[],
): Promise<AppliedObject[]> {
  const applied: AppliedObject[] = [];

  for (const { kind } of appliedKinds) {
    const ofKind = objects.filter((object) => object.kind === kind);
    applied.push(...(await mapLimited(ofKind, requestsAtOnce, (object) => applyOne(cluster, object))));
  }

  return applied;
}

async function applyOne(cluster: ClusterConnection, object: Omit<ReleaseObject, 'text'>): Promise<AppliedObject> {
  const live = object.kind === 'Deployment' ? await readObject(cluster, object) : null;
  const { manifest } = leaveReplicas(object.manifest, live);
  const answer = await applyObject(cluster, { ...object, manifest }, { force: true });

  if ('conflicts' in answer) {
    throw new AppError('target_conflict', { detail: `${nameOf(object)} cannot be taken over.` });
  }
  const { apiVersion, kind, namespace, name, service } = object;

  return { apiVersion, kind, namespace, name, service, uid: answer.applied.uid, generation: answer.applied.generation };
}

/** @throws AppError with the revision failed and nothing applied, when an object would be refused; its key may try again */
async function noteFormer(
  parts: KubernetesParts,
  records: RevisionRecords,
  record: RevisionRecord,
): Promise<RevisionRecord> {
  try {
    const planned = await planRelease(parts, record.release);

    return await records.update(record, {
      changes: planned.map(({ change }) => change),
      before: planned.map(({ before, change: { apiVersion, kind, namespace, name, service } }) => ({
        apiVersion,
        kind,
        namespace,
        name,
        service,
        manifest: before,
      })),
    });
  } catch (error) {
    if (error instanceof AppError && !(error instanceof ClusterUnavailable)) {
      await records.update(record, { state: 'failed', reason: error.message, mayTryAgain: true });
    }
    throw error;
  }
}

function requireSame(record: RevisionRecord, release: Release): void {
  if (record.release.digest !== release.digest) {
    throw new AppError('target_conflict', {
      detail: `${record.key} has applied another release, as revision ${record.revision}.`,
    });
  }

  if (record.state === 'failed') {
    throw new AppError('target_conflict', {
      detail: `Revision ${record.revision} (${record.key}) has failed: ${record.reason ?? 'it was put back'}`,
    });
  }
}
