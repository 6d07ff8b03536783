import { type RequestHandler, Router } from 'express';

import { AppError } from '../../../domain/errors';
import type { ApiDependencies } from '../../dependencies';
import { stateOf } from './request-state';
import type { CompanyRules } from '../security/resolve-company';
import type { Route } from './route';
import { createRouteRunner } from './run-route';

/**
 * What answers a list of routes. Literal segments win over parameters whatever the order of the list; a known address
 * with another method answers 405 with Allow.
 */
export function mountRoutes(deps: ApiDependencies, companies: CompanyRules, routes: readonly Route[]): RequestHandler {
  const sections = new Map<string, Router>();
  const paths = [...new Set(routes.map((route) => route.path))].sort(compareSpecificity);

  for (const path of paths) {
    const group = routes.filter((route) => route.path === path);
    const mounted = sectionFor(sections, path).route(path);
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

  return goToSection(sections);
}

/** Routers by the first segment of the address: with one for all, every request would be held against most of the paths. */
function sectionFor(sections: Map<string, Router>, path: string): Router {
  const [, first = ''] = path.split('/');

  if (first.startsWith(':')) {
    throw new Error(`${path} begins with a parameter: no section can have it.`);
  }
  const section = sections.get(first) ?? Router({ caseSensitive: true });
  sections.set(first, section);

  return section;
}

function goToSection(sections: ReadonlyMap<string, Router>): RequestHandler {
  return (request, response, next) => {
    const [, first = ''] = request.path.split('/', 2);
    const section = sections.get(first);

    if (section === undefined) {
      next();
    } else {
      section(request, response, next);
    }
  };
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
