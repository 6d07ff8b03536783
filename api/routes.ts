import type { ApiDependencies } from './dependencies';
import type { Route } from './http/route';

/** Every route of the product. One import and one line per resource. */
export function createRoutes(_deps: ApiDependencies): Route[] {
  return [];
}
