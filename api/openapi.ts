import type { Route } from './http/route';

/** OpenAPI 3.1 of the routes that are served. */
export function createOpenApiDocument(_routes: readonly Route[]): object {
  return { openapi: '3.1.0', info: { title: 'bmms', version: '1' }, paths: {} };
}
