import type { RequestHandler } from 'express';

const allowedHeaders = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Company, X-Request-Id';
const exposedHeaders = 'ETag, Idempotency-Replayed, Location, Retry-After, X-Request-Id';

/**
 * Lets browsers of other origins call. No cookie identifies anybody here, so credentials are never allowed.
 * @param origins CORS_ORIGINS: `*`, or origins separated by commas
 */
export function allowOrigins(origins: string): RequestHandler {
  const listed = new Set(origins.split(',').map((origin) => origin.trim()));
  const allowsAll = listed.has('*');

  return (request, response, next) => {
    const origin = request.get('Origin');

    if (!allowsAll) {
      response.vary('Origin');
    }
    if (origin !== undefined && (allowsAll || listed.has(origin))) {
      response.setHeader('Access-Control-Allow-Origin', allowsAll ? '*' : origin);
      response.setHeader('Access-Control-Expose-Headers', exposedHeaders);

      if (request.method === 'OPTIONS' && request.get('Access-Control-Request-Method') !== undefined) {
        response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE');
        response.setHeader('Access-Control-Allow-Headers', allowedHeaders);
        response.setHeader('Access-Control-Max-Age', '600');
        response.status(204).end();

        return;
      }
    }
    next();
  };
}
