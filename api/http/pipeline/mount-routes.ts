import { Router } from 'express';

import { AppError } from '../../../domain/errors';
import type { ApiDependencies } from '../../dependencies';
import { stateOf } from './request-state';
import type { CompanyRules } from '../security/resolve-company';
import type { Route } from './route';
import { createRouteRunner } from './run-route';

/**
 * A router for a list of routes. Literal segments win over parameters whatever the order of the list; a known address
 * with another method answers 405 with Allow.
 */
export function mountRoutes(deps: ApiDependencies, companies: CompanyRules, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true });
  const paths = [...new Set(routes.map((route) => route.path))].sort(compareSpecificity);

  for (const path of paths) {
    const group = routes.filter((route) => route.path === path);
    const mounted = router.route(path);
    const methods = new Set(group.map((route) => route.method.toUpperCase()));

    for (const route of group) {
      if (path.includes(':') && route.params === undefined) {
        throw new Error(`${route.operationId} has parameters in its path and no schema for them.`);
      }
      const run = createRouteRunner(deps, companies, route);

      mounted[route.method](async (request, response) => {
        stateOf(response).route = path;
        await run(request, response);
      });
    }
    if (methods.has('GET')) {
      methods.add('HEAD');
    }
    const allow = [...methods, 'OPTIONS'].join(', ');

    mounted.all((request, response) => {
      stateOf(response).route = path;
      response.setHeader('Allow', allow);

      if (request.method !== 'OPTIONS') {
        throw new AppError('method_not_allowed');
      }
      response.status(204).end();
    });
  }

  return router;
}

/** Orders `/orders/customer/:id` before `/orders/:id/pay`. */
export function compareSpecificity(left: string, right: string): number {
  const a = left.split('/');
  const b = right.split('/');

  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference = Number(a[at]?.startsWith(':')) - Number(b[at]?.startsWith(':'));

    if (difference !== 0) {
      return difference;
    }
  }

  return a.length - b.length;
}
