import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createAccessTokens } from '../domain/identity/sessions/access-token';
import { openGateways } from '../gateways/open-gateways';
import { systemClock } from '../platform/clock';
import type { Config } from '../platform/config';
import { openDatabase } from '../platform/db/database';
import type { Logger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { openTemporal } from '../platform/temporal/client';
import { createApp } from './app';
import type { ApiDependencies } from './dependencies';
import { answerBrokenRequests } from './http/pipeline/answer-broken-requests';
import { createRoutes } from './routes';

export interface RunningApi {
  url: string;
  /** Says no to readiness, lets requests under way finish until the deadline, then closes everything. */
  stop(): Promise<void>;
}

/** Requests have this long to finish; the longest of ours answers within 25 s. */
const drainMs = 26_000;
const drainOutsideProductionMs = 5_000;

/**
 * Serves the API until it is stopped.
 * @throws Error with one sentence when the port is taken, or when the database role could bypass row-level security.
 */
export async function runApi(options: { config: Config; logger: Logger }): Promise<RunningApi> {
  const { config, logger } = options;
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const closeParts = async (): Promise<void> => {
    await Promise.allSettled([database.close(), temporal.close()]);
  };
  let isDraining = false;

  try {
    await database.verify();
    const deps: ApiDependencies = {
      config,
      database,
      temporal: temporal.client,
      clock: systemClock,
      logger,
      gateways: await openGateways({ config, database, logger }),
      accessTokens: createAccessTokens({ secret: config.JWT_SECRET, clock: systemClock }),
      metrics: createMetrics({ process: 'api' }),
    };
    const app = createApp(deps, createRoutes(deps), {
      checks: [
        { name: 'postgresql', check: () => database.verify() },
        { name: 'temporal', check: () => temporal.verify() },
      ],
      isDraining: () => isDraining,
    });
    const server = await listen(answerBrokenRequests(createServer(app)), config);
    const { port } = server.address() as AddressInfo;
    const url = `http://${config.HOST}:${port}`;
    logger.info({ url }, 'the API listens');

    return {
      url,
      async stop() {
        isDraining = true;
        await closeServer(server, config.isProduction ? drainMs : drainOutsideProductionMs);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    throw error;
  }
}

/** Longer than the minute for which proxies keep idle connections, so that they never send on one that we just closed. */
const keepAliveMs = 65_000;

/** Connections that may wait to be taken up: in a rush more than Node's 511 come at once, and those beyond are reset. */
const mostWaiting = 4_096;

function listen(server: Server, config: Config): Promise<Server> {
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = keepAliveMs + 5_000;

  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${config.PORT} is taken. Choose another one: PORT=${config.PORT + 1} npm start`)
          : error,
      );
    });
    server.listen({ port: config.PORT, host: config.HOST, backlog: mostWaiting }, () => resolve(server));
  });
}

function closeServer(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);

    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
