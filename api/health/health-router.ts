import { Router } from 'express';

import { type HealthCheck, readReadiness } from '../../platform/health';
import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';

/**
 * `/health/live`: the process runs. `/health/ready`: it and all it needs can take work; 503 names what is down.
 * `/metrics`: Prometheus text. None of them asks who is calling, and none tells addresses or tenants.
 */
export function healthRouter(options: {
  checks?: readonly HealthCheck[];
  isDraining?: () => boolean;
  logger: Logger;
  /** Null: this port tells no figures (API_METRICS). */
  metrics: Metrics | null;
}): Router {
  const router = Router();
  const { checks = [], isDraining = () => false, metrics } = options;

  router.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });

  router.get('/health/ready', async (_request, response) => {
    if (isDraining()) {
      response.status(503).json({ status: 'stopping', parts: {} });

      return;
    }
    const { isReady, parts } = await readReadiness(checks, (name, err) => {
      options.logger.warn({ err, part: name }, 'a part is down');
    });

    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not_ready', parts });
  });

  if (metrics !== null) {
    router.get('/metrics', async (_request, response) => {
      response.type(metrics.registry.contentType).send(await metrics.render());
    });
  }

  return router;
}
