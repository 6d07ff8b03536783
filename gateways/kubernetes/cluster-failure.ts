import type { ObjectReference } from '../../domain/deployments/deployment-target-types';
import { AppError } from '../../domain/errors';
import type { ClusterAnswer } from './cluster-connection';

/** A failure that may pass: the cluster is away, busy, or broken for the moment. */
export class ClusterUnavailable extends AppError {
  /** Seconds after which the cluster wants to be asked again. */
  readonly retryAfter: number | null;

  constructor(message: string, options: { retryAfter?: number | null; cause?: unknown } = {}) {
    super('target_unavailable', {
      detail: message,
      params: { retryAfter: options.retryAfter ?? 2 },
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.name = 'ClusterUnavailable';
    this.retryAfter = options.retryAfter ?? null;
  }
}

/**
 * What an answer other than success means: an AppError is final, ClusterUnavailable may pass. A manifest that breaks the
 * schema is answered with 500 by server-side apply, so the message decides there.
 */
export function explainAnswer(answer: ClusterAnswer, doing: string): AppError {
  const message = typeof answer.body['message'] === 'string' ? answer.body['message'] : `status ${answer.status}`;
  const detail = `${doing}: ${message}`;

  switch (true) {
    case answer.status === 401:
      return new AppError('target_forbidden', {
        detail: `${doing}: the cluster does not know these credentials. Check the kubeconfig, or the service account.`,
      });
    case answer.status === 403:
      return explainForbidden(message, detail);
    case answer.status === 404:
      return new AppError('target_incomplete', {
        detail: `${detail}. What an administrator prepares once: bmms manifests bootstrap`,
      });
    case answer.status === 409:
      return new AppError('target_conflict', { detail });
    case answer.status === 400 || answer.status === 413 || answer.status === 415 || answer.status === 422:
    case answer.status === 500 && /failed to create typed patch object|unknown field|schema/.test(message):
      return new AppError('manifest_invalid', { detail });
    case answer.status === 405:
      return new AppError('target_refused', { detail });
    default:
      return new ClusterUnavailable(detail, { retryAfter: answer.retryAfter });
  }
}

/** A quota and an admission rule refuse with the status of a missing right. */
function explainForbidden(message: string, detail: string): AppError {
  const quota = /exceeded quota: ([^,\s]+)/.exec(message);

  if (quota !== null) {
    return new AppError('quota_exceeded', { detail, params: { quota: quota[1] } });
  }

  if (/denied the request|violates PodSecurity/.test(message)) {
    return new AppError('target_refused', { detail });
  }
  const right = /cannot (\S+) resource "([^"]+)"(?:.*? in the namespace "([^"]+)")?/.exec(message);

  return new AppError('target_forbidden', {
    detail: `${detail}. The Roles that are needed: bmms manifests bootstrap`,
    params: right === null ? {} : { verb: right[1], resource: right[2], namespace: right[3] ?? null },
  });
}

export function nameOf(object: ObjectReference): string {
  return `${object.kind} ${object.namespace}/${object.name}`;
}
