import { setTimeout as wait } from 'node:timers/promises';

import type { ClusterAnswer, ClusterConnection, ClusterRequest } from './cluster-connection';
import { ClusterUnavailable, explainAnswer } from './cluster-failure';

const tries = 4;
const firstPauseMs = 200;
const longestPauseMs = 5_000;

/**
 * Sends a request, a few times when the cluster is busy or away for a moment; a longer absence is for whoever called.
 * Everything sent here may be sent twice: reading, applying, deleting by uid, writing by version.
 * @returns the answer, whatever its status, unless that says that it may pass
 * @throws ClusterUnavailable
 */
export async function sendPatiently(
  cluster: ClusterConnection,
  request: ClusterRequest,
  doing: string,
): Promise<ClusterAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await attemptOnce(cluster, request, doing);

    if (!(failure instanceof ClusterUnavailable)) {
      return failure;
    }

    if (attempt === tries) {
      throw failure;
    }
    const pause = failure.retryAfter === null ? firstPauseMs * 2 ** (attempt - 1) : failure.retryAfter * 1_000;
    await wait(Math.min(pause, longestPauseMs));
  }
}

async function attemptOnce(
  cluster: ClusterConnection,
  request: ClusterRequest,
  doing: string,
): Promise<ClusterAnswer | ClusterUnavailable> {
  try {
    const answer = await cluster.send(request);
    const failure = answer.status < 400 ? null : explainAnswer(answer, doing);

    return failure instanceof ClusterUnavailable ? failure : answer;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);

    return new ClusterUnavailable(`${doing}: the cluster at ${cluster.server} does not answer (${why})`, { cause });
  }
}
