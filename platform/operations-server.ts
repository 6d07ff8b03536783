import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type HealthCheck, readReadiness } from './health';
import type { Metrics } from './metrics';

export interface OperationsServer {
  url: string;
  close(): Promise<void>;
}

/**
 * The small HTTP server of a process that serves no API: `/health/live`, `/health/ready` (503 names what is down) and
 * `/metrics`, to which the text of Temporal's own exporter is added when there is one.
 * @param options.port 0 takes any free one
 * @param options.reports what else the process tells as JSON, by its path
 * @param options.coreMetricsUrl of the Prometheus exporter of the Temporal SDK's core in this process
 */
export async function startOperationsServer(options: {
  host: string;
  port: number;
  metrics: Metrics;
  checks: readonly HealthCheck[];
  coreMetricsUrl?: string | undefined;
  reports?: Readonly<Record<string, () => unknown>>;
}): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', options, response).catch(() => {
      response.writeHead(500).end();
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  url: string,
  options: {
    metrics: Metrics;
    checks: readonly HealthCheck[];
    coreMetricsUrl?: string | undefined;
    reports?: Readonly<Record<string, () => unknown>>;
  },
  response: ServerResponse,
): Promise<void> {
  const path = url.split('?')[0] ?? '';

  switch (path) {
    case '/health/live':
      return sendJson(response, 200, { status: 'ok' });
    case '/health/ready': {
      const { isReady, parts } = await readReadiness(options.checks);

      return sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', parts });
    }
    case '/metrics': {
      const own = await options.metrics.render();
      const core = await readCoreMetrics(options.coreMetricsUrl);
      response.writeHead(200, { 'Content-Type': options.metrics.registry.contentType }).end(`${own}\n${core}`);

      return;
    }
    default:
      if (options.reports !== undefined && Object.hasOwn(options.reports, path)) {
        return sendJson(response, 200, options.reports[path]?.());
      }

      return sendJson(response, 404, { status: 'not_found' });
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Its absence must not hide our own figures. */
async function readCoreMetrics(url: string | undefined): Promise<string> {
  if (url === undefined) {
    return '';
  }

  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });

    return response.ok ? await response.text() : '';
  } catch {
    return '# The exporter of the Temporal SDK does not answer.\n';
  }
}
