import type { JsonObject, ObjectReference } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { ClusterAnswer, ClusterConnection, ClusterRequest } from './cluster-connection';
import { explainAnswer, nameOf } from './cluster-failure';
import type { ManagedFieldsEntry } from './managed-fields-rules';
import { objectPath } from './object-path';
import { sendPatiently } from './send-patiently';

/** The field manager under which all our fields stand in the cluster. */
export const fieldManager = 'bmms';

/** An object as the API server has it. */
export interface LiveObject {
  uid: string;
  generation: number;
  resourceVersion: string;
  labels: Record<string, string>;
  managedFields: ManagedFieldsEntry[];
  content: JsonObject;
}

export interface ApplyOptions {
  isDryRun?: boolean | undefined;
  /** Take fields of ours from managers that have set them to something else. */
  force?: boolean | undefined;
}

export type ApplyAnswer =
  | { applied: LiveObject }
  /** Without force: who owns which field that we would set to something else. */
  | { conflicts: { manager: string; field: string }[] };

/** @returns null when there is none */
export async function readObject(cluster: ClusterConnection, object: ObjectReference): Promise<LiveObject | null> {
  const doing = `reading ${nameOf(object)}`;
  const answer = await sendPatiently(cluster, { method: 'GET', path: objectPath(object) }, doing);

  return answer.status === 404 ? null : parseLive(requireSuccess(answer, doing));
}

/**
 * Server-side apply, strictly: a field that the API does not know is refused, not dropped.
 * @throws AppError `manifest_invalid`, `target_forbidden`, `target_incomplete` (no such namespace), `target_refused`
 */
export async function applyObject(
  cluster: ClusterConnection,
  object: ObjectReference & { manifest: JsonObject },
  options: ApplyOptions = {},
): Promise<ApplyAnswer> {
  const doing = `applying ${nameOf(object)}`;
  const query = {
    fieldManager,
    fieldValidation: 'Strict',
    ...(options.force === true ? { force: 'true' } : {}),
    ...(options.isDryRun === true ? { dryRun: 'All' } : {}),
  };
  const contentType = 'application/apply-patch+yaml';
  const answer = await sendPatiently(
    cluster,
    { method: 'PATCH', path: objectPath(object), query, body: object.manifest, contentType },
    doing,
  );
  const conflicts = answer.status === 409 ? readConflicts(answer.body) : [];

  return conflicts.length > 0 ? { conflicts } : { applied: parseLive(requireSuccess(answer, doing)) };
}

/** Deletes the object of this uid and no other of its name. Gone already is as good. */
export async function deleteObject(cluster: ClusterConnection, object: ObjectReference, uid: string): Promise<void> {
  const doing = `deleting ${nameOf(object)}`;
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background', preconditions: { uid } };
  const answer = await sendPatiently(cluster, { method: 'DELETE', path: objectPath(object), body }, doing);

  // 409: another one stands there by now.
  if (answer.status !== 404 && answer.status !== 409) {
    requireSuccess(answer, doing);
  }
}

/** One request whose answer is an object. @throws AppError, ClusterUnavailable */
export async function callApi(cluster: ClusterConnection, request: ClusterRequest, doing: string): Promise<JsonObject> {
  return requireSuccess(await sendPatiently(cluster, request, doing), doing);
}

function requireSuccess(answer: ClusterAnswer, doing: string): JsonObject {
  if (answer.status >= 400) {
    throw explainAnswer(answer, doing);
  }

  return answer.body;
}

export function parseLive(content: JsonObject): LiveObject {
  const metadata = content['metadata'] as
    | {
        uid?: string;
        generation?: number;
        resourceVersion?: string;
        labels?: Record<string, string>;
        managedFields?: ManagedFieldsEntry[];
      }
    | undefined;

  if (metadata?.uid === undefined) {
    throw new AppError('target_refused', { detail: 'The cluster answered with something that is no object.' });
  }

  return {
    uid: metadata.uid,
    generation: metadata.generation ?? 1,
    resourceVersion: metadata.resourceVersion ?? '',
    labels: metadata.labels ?? {},
    managedFields: metadata.managedFields ?? [],
    content,
  };
}

/** `conflict with "kubectl-edit" using apps/v1` in the causes of the answer, each with its field. */
function readConflicts(body: JsonObject): { manager: string; field: string }[] {
  const details = body['details'] as { causes?: { reason?: string; message?: string; field?: string }[] } | undefined;

  return (details?.causes ?? [])
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message = '', field = '' }) => ({
      manager: /conflict with "([^"]+)"/.exec(message)?.[1] ?? 'unknown',
      field: field.replace(/^\./, ''),
    }));
}
