import type { RequestHandler } from 'express';

import type { Metrics } from '../../../platform/metrics';
import { stateOf } from './request-state';

/** Times every answer by route pattern; addresses that match none count together. */
export function measureRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const stop = metrics.httpRequests.startTimer({ method: request.method });

    response.once('finish', () => {
      stop({ route: stateOf(response).route ?? 'none', status: String(response.statusCode) });
    });
    next();
  };
}
