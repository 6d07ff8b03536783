import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type AppOptions, createApp } from '../../api/app';
import type { ApiDependencies } from '../../api/dependencies';
import { answerBrokenRequests } from '../../api/http/pipeline/answer-broken-requests';
import type { Route } from '../../api/http/pipeline/route';
import { createAccessTokens } from '../../domain/identity/sessions/access-token';
import { openGateways } from '../../gateways/open-gateways';
import { type Clock, systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';
import type { Database } from '../../platform/db/database';
import { createLogger, type Logger } from '../../platform/logger';
import { createMetrics } from '../../platform/metrics';
import { openTemporal, type TemporalClient } from '../../platform/temporal/client';
import { type ApiClient, createApiClient } from './api-client';
import { testServers } from './servers';

export interface TestApp {
  api: ApiClient;
  deps: ApiDependencies;
  temporal: TemporalClient;
  close(): Promise<void>;
}

/**
 * The API in this process, on a free port, with the routes a test is about: the real layers around them, real
 * PostgreSQL, a client for the test run's Temporal. Its tokens are those of {@link openTestCompany}.
 * @param options.env variables of platform/config.ts that differ: RATE_LIMIT_PER_MINUTE is 0 unless given
 */
export async function startTestApp(options: {
  database: Database;
  routes: (deps: ApiDependencies) => Route[];
  env?: Record<string, string>;
  clock?: Clock;
  namespace?: string;
  logger?: Logger;
  app?: AppOptions;
}): Promise<TestApp> {
  const { database, clock = systemClock } = options;
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    TEMPORAL_ADDRESS: testServers().temporalAddress,
    TEMPORAL_NAMESPACE: options.namespace ?? 'default',
    ...options.env,
  });
  const logger = options.logger ?? createLogger({ level: config.LOG_LEVEL, name: 'test' });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
  const deps: ApiDependencies = {
    config,
    database,
    temporal: temporal.client,
    clock,
    logger,
    gateways: await openGateways({ config, database, logger }),
    accessTokens: createAccessTokens({ secret: config.JWT_SECRET, clock }),
    metrics: createMetrics({ process: 'test' }),
  };
  const server = answerBrokenRequests(createServer(createApp(deps, options.routes(deps), options.app)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    api: createApiClient(`http://127.0.0.1:${port}`),
    deps,
    temporal,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await temporal.close();
    },
  };
}
