import { createAccessTokens } from '../domain/identity/sessions/access-token';
import { systemClock } from '../platform/clock';
import { readConfig } from '../platform/config';
import { openDatabase } from '../platform/db/database';
import { createLogger } from '../platform/logger';
import { createMetrics } from '../platform/metrics';
import { openTemporal } from '../platform/temporal/client';
import { createOpenApiDocument } from './openapi/create-openapi-document';
import { createRoutes } from './routes';

/** The OpenAPI document of the product as it is outside production, without any server: nothing here connects. */
export async function describeApi(): Promise<Record<string, unknown>> {
  const config = readConfig({});
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: 1 });
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

  try {
    return createOpenApiDocument(
      createRoutes({
        config,
        database,
        temporal: temporal.client,
        clock: systemClock,
        logger: createLogger({ level: 'silent', name: 'docs' }),
        gateways: new Map(),
        accessTokens: createAccessTokens({ secret: config.JWT_SECRET, clock: systemClock }),
        metrics: createMetrics({ process: 'docs' }),
      }),
    );
  } finally {
    await Promise.all([database.close(), temporal.close()]);
  }
}
