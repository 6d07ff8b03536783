import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

import type { KubeConfig } from '@kubernetes/client-node';

import { AppError } from '../../domain/errors';
import type { JsonObject, JsonValue } from '../../domain/deployments/deployment-target-types';

export interface ClusterAnswer {
  status: number;
  /** Seconds after which the server wants to be asked again; null when it does not say. */
  retryAfter: number | null;
  body: JsonObject;
}

export interface ClusterRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string> | undefined;
  body?: JsonValue | undefined;
  /** Default: application/json. */
  contentType?: string | undefined;
  /** Default: application/json. */
  accept?: string | undefined;
}

export interface ClusterConnection {
  /** Name of the context in the kubeconfig, or `in-cluster`. */
  readonly context: string;
  readonly server: string;
  /** What is sent arrives as it is: no model of ours drops a field on the way. @throws Error when there is no answer */
  send(request: ClusterRequest): Promise<ClusterAnswer>;
}

export interface ClusterPlace {
  /** Path of a kubeconfig; null: the service account of the pod this runs in. */
  kubeconfig: string | null;
  /** Default: the kubeconfig's current context. */
  context: string | null;
}

const answerWithinMs = 15_000;

/**
 * Reads how to reach a cluster and who we are there; asks nobody yet. Only a place that was named is ever used (D31).
 * @throws AppError `target_unknown` when the kubeconfig cannot be read or has no such context
 */
export async function openCluster(place: ClusterPlace): Promise<ClusterConnection> {
  // Hundreds of models come with it: only who deploys to a cluster loads them.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();

  try {
    if (place.kubeconfig === null) {
      config.loadFromCluster();
    } else {
      config.loadFromFile(place.kubeconfig);
    }
  } catch (cause) {
    throw unknown(`The kubeconfig cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }

  if (place.context !== null) {
    config.setCurrentContext(place.context);
  }
  const cluster = config.getCurrentCluster();

  if (cluster === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw unknown(
      `The kubeconfig has no context ${config.getCurrentContext()}. It has: ${names.join(', ') || 'none'}.`,
    );
  }

  return {
    context: place.kubeconfig === null ? 'in-cluster' : config.getCurrentContext(),
    server: cluster.server,
    send: (request) => send(config, cluster.server, request),
  };
}

function unknown(detail: string, cause?: unknown): AppError {
  return new AppError('target_unknown', { detail, cause });
}

async function send(config: KubeConfig, server: string, request: ClusterRequest): Promise<ClusterAnswer> {
  const url = new URL(`${server.replace(/\/$/, '')}${request.path}`);
  Object.entries(request.query ?? {}).forEach(([name, value]) => url.searchParams.set(name, value));
  const text = request.body === undefined ? undefined : JSON.stringify(request.body);
  const options: RequestOptions = {
    method: request.method,
    headers: {
      Accept: request.accept ?? 'application/json',
      ...(text === undefined
        ? {}
        : { 'Content-Type': request.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    },
  };
  await config.applyToHTTPSOptions(options);

  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'http:' ? httpRequest : httpsRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const retryAfter = Number(response.headers['retry-after']);
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
          body: parseBody(Buffer.concat(chunks).toString('utf8')),
        });
      });
    });
    sent.setTimeout(answerWithinMs, () => sent.destroy(new Error('The cluster does not answer.')));
    sent.once('error', reject);
    sent.end(text);
  });
}

/** Proxies in front of a cluster answer in other formats. */
function parseBody(text: string): JsonObject {
  try {
    const parsed = JSON.parse(text) as JsonValue;

    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : { message: text };
  } catch {
    return { message: text.slice(0, 500) };
  }
}
