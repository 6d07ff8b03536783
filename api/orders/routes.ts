import type { ApiDependencies } from '../dependencies';
import type { Route } from '../http/pipeline/route';
import { createOrderChangeRoutes } from './change-routes';
import { createOrderRoute } from './create-order-route';
import { createOrderReadRoutes } from './read-routes';

/** Retail orders. Reads come from PostgreSQL; every change goes through the workflow `order/<id>`. */
export function createOrdersRoutes(deps: ApiDependencies): Route[] {
  return [createOrderRoute(deps), ...createOrderReadRoutes(deps), ...createOrderChangeRoutes(deps)];
}
